#include "expected_events.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::distance;
using oracle::Real;

constexpr double kTolerance = 1e-11;

// Rows to predict for: stays of all lengths, from before the first time to after the last.
struct Stays {
  std::vector<double> time, entry, eta, x;  // x: rows x 2
  std::vector<int> stratum;

  Stays(const oracle::Data& data, std::uint64_t seed) {
    oracle::Random random(seed);
    const double last = *std::max_element(data.time.begin(), data.time.end());
    for (int i = 0; i < 30; ++i) {
      const std::size_t row = std::size_t(random.integer(0, int(data.rows()) - 1));
      time.push_back(random.chance(0.5) ? data.time[row] : random.uniform(0, 1.1 * last));
      const std::size_t other = std::size_t(random.integer(0, int(data.rows()) - 1));
      const double before = random.chance(0.5) ? data.time[other] : random.uniform(-1, last);
      entry.push_back(std::min(before, time.back()));
      stratum.push_back(data.stratum_of(row));
      eta.push_back(random.uniform(-2, 2));
    }
    for (int i = 0; i < 60; ++i) x.push_back(random.uniform(-2, 2));
  }
  NewRows rows(bool entries) const {
    return {time.size(),    time.data(), entries ? entry.data() : nullptr,
            stratum.data(), eta.data(),  x.data()};
  }
};

struct Expected {
  Real events = 0, variance = 0, slope[2] = {0, 0};
};

Expected by_definition(const oracle::Model& model, const Stays& stays, std::size_t i,
                       bool entries) {
  Expected out;
  const Real risk = std::exp(Real(stays.eta[i]));
  for (const oracle::Event& event : model.events()) {
    const bool lived = event.stratum == stays.stratum[i] && event.time <= stays.time[i] &&
                       (!entries || event.time > stays.entry[i]);
    for (const oracle::Step& step : event.steps) {
      if (!lived) continue;
      const Real hazard = risk * step.weight / step.denominator;
      out.events += hazard;
      out.variance += hazard * risk / step.denominator;
      for (std::size_t j = 0; j < 2; ++j) {
        out.slope[j] += hazard * (stays.x[stays.time.size() * j + i] - step.mean[j]);
      }
    }
  }
  return out;
}

void expect_by_definition(const Sample& sample, std::uint64_t seed) {
  const Stays stays(sample.data, seed);
  const oracle::Model model = sample.direct();
  for (const bool entries : {false, true}) {
    const ExpectedEvents actual =
        expected_events(sample.data.columns(), sample.model(), stays.rows(entries));
    for (std::size_t i = 0; i < stays.time.size(); ++i) {
      const Expected expected = by_definition(model, stays, i, entries);
      ASSERT_LE(distance(actual.events[i], expected.events, 0), kTolerance) << i;
      ASSERT_LE(distance(actual.variance[i], expected.variance, 0), kTolerance) << i;
      for (std::size_t j = 0; j < 2; ++j) {
        const double slope = actual.slope(Index(i), Index(j));
        ASSERT_LE(distance(slope, expected.slope[j], 4 * expected.events), kTolerance) << i;
      }
    }
  }
}

TEST(ExpectedEvents, ByDefinition) {
  std::uint64_t seed = 9000;
  for_samples(9500, [&](const Sample& sample) { expect_by_definition(sample, ++seed); });
}

// Predictors whose exponentials no number can hold, of the model and of the new rows alike.
TEST(ExpectedEvents, OfRisksBeyondTheRangeOfNumbers) {
  for (std::uint64_t seed = 9800; seed < 9820; ++seed) {
    oracle::Shape shape{100, 2, seed % 2 == 0, seed % 3 == 0};
    shape.entry = seed % 4 < 2;
    Sample sample = random_sample(shape, Ties::efron, seed);
    for (std::size_t i = 0; i < shape.rows; ++i) sample.eta[i] += i % 10 == 3 ? 2000 : 1500;
    Stays stays(sample.data, seed);
    for (double& eta : stays.eta) eta += 1700;
    const oracle::Model model = sample.direct();
    const ExpectedEvents actual =
        expected_events(sample.data.columns(), sample.model(), stays.rows(true));
    for (std::size_t i = 0; i < stays.time.size(); ++i) {
      const Expected expected = by_definition(model, stays, i, true);
      ASSERT_LE(distance(actual.events[i], expected.events, 1e-290L), 1e-9) << seed << ": " << i;
    }
  }
}

// Up to where the exponentials are no numbers any more, and their squares are none long before.
TEST(ExpectedEvents, AConstantAddedToAllPredictorsIsNothing) {
  for (std::uint64_t seed = 9700; seed < 9712; ++seed) {
    oracle::Shape shape{100, 2, seed % 2 == 0, seed % 3 == 0};
    shape.entry = seed % 4 < 2;
    const Sample plain = random_sample(shape, seed % 2 ? Ties::efron : Ties::breslow, seed);
    const Stays stays(plain.data, seed);
    const ExpectedEvents expected =
        expected_events(plain.data.columns(), plain.model(), stays.rows(true));
    for (const double constant : {-690.0, -400.0, -310.0, -290.0, 290.0, 310.0, 400.0, 690.0}) {
      SCOPED_TRACE(constant);
      Sample moved = plain;
      Stays moved_stays = stays;
      for (double& eta : moved.eta) eta += constant;
      for (double& eta : moved_stays.eta) eta += constant;
      const ExpectedEvents actual =
          expected_events(plain.data.columns(), moved.model(), moved_stays.rows(true));
      for (std::size_t i = 0; i < stays.time.size(); ++i) {
        ASSERT_LE(distance(actual.events[i], expected.events[i], 0), 1e-10) << i;
        ASSERT_LE(distance(actual.variance[i], expected.variance[i], 0), 1e-10) << i;
      }
    }
  }
}

// Without columns the hazard alone, and a stay of no length has none.
TEST(ExpectedEvents, WithoutColumnsOrTime) {
  const Sample sample = random_sample({50, 2}, Ties::efron, 9900);
  Stays stays(sample.data, 1);
  NewRows rows = stays.rows(true);
  rows.x = nullptr;
  const ExpectedEvents bare = expected_events({}, sample.model(), rows);
  const ExpectedEvents full =
      expected_events(sample.data.columns(), sample.model(), stays.rows(true));
  EXPECT_EQ(bare.slope.cols(), 0);
  for (std::size_t i = 0; i < stays.time.size(); ++i) {
    EXPECT_LE(distance(bare.events[i], full.events[i], 0), kTolerance);
  }
  stays.entry = stays.time;
  for (const double events : expected_events({}, sample.model(), rows).events) {
    EXPECT_EQ(events, 0);
  }
}

}  // namespace
}  // namespace lmsurv
