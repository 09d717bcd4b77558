#include "baseline_hazard.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;

constexpr double kTolerance = 1e-12;

void expect_by_definition(Sample sample) {
  for (double& eta : sample.eta) eta -= 0.3;
  const std::vector<double> means{0.3, 0.9};
  const oracle::Hazard expected = sample.direct().baseline(means);
  const FittedModel model = sample.model();
  const BaselineHazard actual = baseline_hazard(sample.data.columns(), model, means, true);
  ASSERT_EQ(actual.time, expected.time);
  ASSERT_EQ(actual.stratum, expected.stratum);
  for (std::size_t t = 0; t < actual.time.size(); ++t) {
    const double all = double(sample.data.rows());
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
  EXPECT_TRUE(bare.at_risk.empty());  // not asked for
  for (std::size_t t = 0; t < bare.time.size(); ++t) {
    EXPECT_LE(distance(bare.cumulative[t], expected.cumulative[t], 0), kTolerance);
  }
}

TEST(BaselineHazard, ByDefinition) { for_samples(5000, expect_by_definition); }

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
