#include "curve_limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace lmsurv {
namespace {

using Real = long double;
using Values = std::vector<double>;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Pair {
  Values lower, upper;
};

Pair limits_of(const Values& survival, const Values& se, LimitScale scale, double z,
               bool of_survival = false, int threads = 1) {
  Pair out{Values(survival.size(), -1), Values(survival.size(), -1)};
  Execution execution;
  execution.threads = threads;
  curve_limits({survival.size(), survival.data(), se.data(), of_survival}, scale, z, execution,
               {out.lower.data(), out.upper.data()});
  return out;
}

struct Scale {
  LimitScale scale;
  std::function<Real(Real)> forward, slope, back;
  bool at_one;
};

// By definition: forward, add z times the standard error by the delta method, and back.
std::vector<Scale> scales() {
  const Real right_angle = std::acos(0.0L);
  return {{LimitScale::plain, [](Real s) { return s; }, [](Real) { return 1.0L; },
           [](Real x) { return std::min(1.0L, std::max(0.0L, x)); }, true},
          {LimitScale::log, [](Real s) { return std::log(s); }, [](Real s) { return 1 / s; },
           [](Real x) { return std::min(1.0L, std::exp(x)); }, true},
          {LimitScale::log_log, [](Real s) { return -std::log(-std::log(s)); },
           [](Real s) { return -1 / (s * std::log(s)); },
           [](Real x) { return std::exp(-std::exp(-x)); }, false},
          {LimitScale::logit, [](Real s) { return std::log(s / (1 - s)); },
           [](Real s) { return 1 / (s * (1 - s)); }, [](Real x) { return 1 / (1 + std::exp(-x)); },
           false},
          {LimitScale::arcsine, [](Real s) { return std::asin(std::sqrt(s)); },
           [](Real s) { return 1 / (2 * std::sqrt(s * (1 - s))); },
           [right_angle](Real x) {
             const Real sine = std::sin(std::min(right_angle, std::max(0.0L, x)));
             return sine * sine;
           },
           false}};
}

TEST(CurveLimits, ByTheDeltaMethod) {
  const double z = 1.959963984540054;
  for (const Scale& scale : scales()) {
    for (const double s : {0.001, 0.1, 0.3, 0.5, 0.77, 0.999}) {
      for (const double se : {1e-8, 0.01, 0.2, 1.0}) {
        const Real reach = z * scale.slope(s) * s * Real(se);
        const Real lower = scale.back(scale.forward(s) - reach);
        const Real upper = scale.back(scale.forward(s) + reach);
        const Pair of_log = limits_of({s}, {se}, scale.scale, z);
        const Pair of_survival = limits_of({s}, {se * s}, scale.scale, z, true);
        for (const Pair& pair : {of_log, of_survival}) {
          // Only relative to 1 - limit or to the limit is the other end of the scale well defined.
          EXPECT_NEAR(pair.lower[0], double(lower), 1e-14 + 1e-13 * double(lower));
          EXPECT_NEAR(pair.upper[0], double(upper), 1e-14);
        }
      }
    }
  }
}

TEST(CurveLimits, OfIncidencesAtZeroAndOne) {
  const Values p{0, 1}, se{0, 0};
  for (const Scale& scale : scales()) {
    Values lower(2), upper(2);
    curve_limits({2, p.data(), se.data(), true, true}, scale.scale, 2, {},
                 {lower.data(), upper.data()});
    const bool at_one = scale.at_one || scale.scale == LimitScale::arcsine;
    for (const Values& limit : {lower, upper}) {
      if (scale.scale == LimitScale::plain)
        EXPECT_EQ(limit[0], 0);
      else
        EXPECT_TRUE(std::isnan(limit[0]));
      if (at_one)
        EXPECT_EQ(limit[1], 1);
      else
        EXPECT_TRUE(std::isnan(limit[1]));
    }
  }
}

TEST(CurveLimits, NoneAtZeroAndOneWhereThereAreNone) {
  for (const Scale& scale : scales()) {
    const Pair pair = limits_of({1, 0}, {0, HUGE_VAL}, scale.scale, 2);
    EXPECT_TRUE(std::isnan(pair.lower[1]) && std::isnan(pair.upper[1]));
    EXPECT_EQ(std::isnan(pair.lower[0]), !scale.at_one);
    if (scale.at_one) {
      EXPECT_EQ(pair.lower[0], 1);
      EXPECT_EQ(pair.upper[0], 1);
    }
  }
}

TEST(CurveLimits, WhatIsMissingIsTheCallersOwn) {
  double lower = 0, upper = 0;
  const double survival = 0, se = 1;
  curve_limits({1, &survival, &se, false}, LimitScale::log, 2, {}, {&lower, &upper, -7});
  EXPECT_EQ(lower, -7);
  EXPECT_EQ(upper, -7);
}

TEST(CurveLimits, NoLimitsWanted) {
  const double survival = 0.5, se = 1;
  curve_limits({1, &survival, &se, false}, LimitScale::none, 2, {}, {});
}

TEST(CurveLimits, SameBitsOnTwoThreads) {
  Values survival, se;
  for (int i = 0; i < 100000; ++i) {
    survival.push_back(1 - i / 100001.0);
    se.push_back(i % 3 ? 0.001 * i : 0.5);
  }
  const Pair one = limits_of(survival, se, LimitScale::log_log, 1.96, false, 1);
  const Pair two = limits_of(survival, se, LimitScale::log_log, 1.96, false, 2);
  EXPECT_TRUE(std::isnan(one.lower[0]) && std::isnan(two.lower[0]));
  EXPECT_TRUE(std::equal(one.lower.begin() + 1, one.lower.end(), two.lower.begin() + 1));
  EXPECT_TRUE(std::equal(one.upper.begin() + 1, one.upper.end(), two.upper.begin() + 1));
}

TEST(CurveLimits, RepeatedPointsHaveTheSameLimits) {
  const Pair pair = limits_of({0.5, 0.5, 0.5, 0.4}, {0.1, 0.1, 0.2, 0.2}, LimitScale::log, 2);
  EXPECT_EQ(pair.lower[0], pair.lower[1]);
  EXPECT_EQ(pair.upper[0], pair.upper[1]);
  EXPECT_LT(pair.lower[2], pair.lower[1]);
  EXPECT_LT(pair.upper[3], pair.upper[2]);
}

double falls(const Values& time, const Values& y, double level, FlatStep flat,
             double tolerance = 1.5e-8) {
  return falls_to(time.data(), y.data(), y.size(), level, tolerance, flat);
}

TEST(FallsTo, FourDeaths) {
  const Values time{1, 2, 3, 4}, y{0.75, 0.5, 0.25, 0};
  EXPECT_EQ(falls(time, y, 0.5, FlatStep::midpoint), 2.5);
  EXPECT_EQ(falls(time, y, 0.5, FlatStep::first), 2);
  EXPECT_EQ(falls(time, y, 0.6, FlatStep::midpoint), 2);
  EXPECT_EQ(falls(time, y, 0.6, FlatStep::first), 2);
  EXPECT_EQ(falls(time, y, 0.9, FlatStep::midpoint), 1);
  EXPECT_EQ(falls(time, y, 0, FlatStep::midpoint), 4);
}

TEST(FallsTo, NeverReached) {
  EXPECT_TRUE(std::isnan(falls({1, 2}, {0.9, 0.8}, 0.5, FlatStep::midpoint)));
  EXPECT_TRUE(std::isnan(falls({}, {}, 0.5, FlatStep::midpoint)));
  EXPECT_TRUE(std::isnan(falls({1, 2}, {kNaN, kNaN}, 0.5, FlatStep::midpoint)));
}

TEST(FallsTo, StepsOverCensoredTimesAndToTheEnd) {
  EXPECT_EQ(falls({1, 2, 3, 5, 9}, {0.8, 0.5, 0.5, 0.5, 0.2}, 0.5, FlatStep::midpoint), 5.5);
  EXPECT_EQ(falls({1, 2, 3, 5, 9}, {0.8, 0.5, 0.5, 0.5, 0.5}, 0.5, FlatStep::midpoint), 5.5);
  EXPECT_EQ(falls({1, 2, 3, 5, 9}, {0.8, 0.5, 0.5, 0.5, 0.5}, 0.5, FlatStep::first), 2);
}

TEST(FallsTo, RoundingDoesNotMatter) {
  const Values time{1, 2, 3, 4};
  for (const double off : {-1e-9, 0.0, 1e-9}) {
    EXPECT_EQ(falls(time, {0.75, 0.5 + off, 0.25, 0}, 0.5, FlatStep::midpoint), 2.5);
    EXPECT_EQ(falls(time, {0.75, 0.5 + off, 0.25, 0}, 0.5, FlatStep::first), 2);
  }
  EXPECT_EQ(falls(time, {0.5 + 1e-8, 0.5, 0.5 - 1e-8, 0.2}, 0.5, FlatStep::midpoint), 2.5);
  EXPECT_EQ(falls(time, {0.75, 0.5 + 2e-8, 0.25, 0}, 0.5, FlatStep::midpoint), 3);
  EXPECT_EQ(falls(time, {0.75, 0.5 - 2e-8, 0.25, 0}, 0.5, FlatStep::midpoint), 2);
}

TEST(FallsTo, PassesOverNaN) {
  EXPECT_EQ(falls({1, 2, 3, 4}, {kNaN, 0.7, kNaN, 0.3}, 0.5, FlatStep::midpoint), 4);
  EXPECT_EQ(falls({1, 2, 3, 4}, {0.7, 0.5, 0.5, kNaN}, 0.5, FlatStep::midpoint), 3);
  EXPECT_EQ(falls({1, 2, 3, 4}, {0.7, 0.5, 0.5, kNaN}, 0.5, FlatStep::first), 2);
}

TEST(FallsTo, FirstTimeWhereALimitRisesAgain) {
  EXPECT_EQ(falls({1, 2, 3, 4}, {0.6, 0.45, 0.55, 0.4}, 0.5, FlatStep::midpoint), 2);
}

}  // namespace
}  // namespace lmsurv
