#include "baseline_hazard.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-12;

void expect_by_definition(const Data& data, Ties ties, bool frequency) {
  oracle::Vector eta(data.rows());
  std::vector<double> given(data.rows());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    eta[i] = given[i] = 0.8 * data.x[0][i] - 0.4 * data.x[1][i] - 0.3;
  }
  const std::vector<double> means{0.3, 0.9};
  const oracle::Hazard expected = oracle::Model(data, eta, ties, frequency).baseline(means);
  const FittedModel model{data.response(), given.data(), ties, frequency, true, {}};
  const BaselineHazard actual = baseline_hazard(data.columns(), model, means);
  ASSERT_EQ(actual.time, expected.time);
  ASSERT_EQ(actual.stratum, expected.stratum);
  for (std::size_t t = 0; t < actual.time.size(); ++t) {
    const double all = double(data.rows());
    EXPECT_LE(distance(actual.at_risk[t], expected.at_risk[t], all), kTolerance);
    EXPECT_LE(distance(actual.events[t], expected.events[t], 1), kTolerance);
    EXPECT_LE(distance(actual.censored[t], expected.censored[t], 1), kTolerance);
    EXPECT_LE(distance(actual.hazard[t], expected.hazard[t], 0), kTolerance);
    EXPECT_LE(distance(actual.cumulative[t], expected.cumulative[t], 0), kTolerance);
    EXPECT_LE(distance(actual.variance[t], expected.variance[t], 0), kTolerance);
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_LE(distance(actual.drift(Index(t), Index(j)), expected.drift[t][j],
                         2 * expected.cumulative[t]),
                kTolerance);
    }
  }
  const BaselineHazard bare = baseline_hazard({}, model, {});
  EXPECT_EQ(bare.drift.cols(), 0);
  for (std::size_t t = 0; t < bare.time.size(); ++t) {
    EXPECT_LE(distance(bare.cumulative[t], expected.cumulative[t], 0), kTolerance);
  }
}

TEST(BaselineHazard, ByDefinition) {
  std::uint64_t seed = 5000;
  for (const std::size_t rows : {1, 2, 5, 50, 300}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 2, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
        for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
          shape.weights = weights;
          const Data data = oracle::random_data(shape, ++seed);
          bool events = false;
          for (const int status : data.status) events = events || status;
          if (!events) continue;  // test_no_events.cpp
          SCOPED_TRACE(seed);
          expect_by_definition(data, ties, weights == Weights::counts);
        }
      }
    }
  }
}

// Without covariates: Nelson and Aalen's estimate, and Fleming and Harrington's with Efron's ties.
TEST(BaselineHazard, WithoutCovariatesIsNelsonAalen) {
  const Data data{{1, 2, 2, 2, 3}, {}, {}, {}, {1, 1, 1, 0, 1}, {}, {}};
  const std::vector<double> eta(5, 0.0);
  FittedModel model{data.response(), eta.data(), Ties::breslow, false, true, {}};
  EXPECT_LE(distance(baseline_hazard({}, model, {}).cumulative[1], 1 / 5.0L + 2 / 4.0L, 0),
            kTolerance);
  model.ties = Ties::efron;
  EXPECT_LE(
      distance(baseline_hazard({}, model, {}).cumulative[1], 1 / 5.0L + 1 / 4.0L + 1 / 3.0L, 0),
      kTolerance);
}

}  // namespace
}  // namespace lmsurv
