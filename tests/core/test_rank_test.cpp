#include "rank_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rank_oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::Real;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-11;

const std::vector<TestWeight> kTests{TestWeight::logrank, TestWeight::gehan,
                                     TestWeight::tarone_ware, TestWeight::peto,
                                     TestWeight::fleming_harrington};

std::vector<int> random_groups(std::size_t rows, int groups, std::uint64_t seed) {
  oracle::Random random(seed);
  std::vector<int> out(rows);
  for (int& g : out) g = random.integer(1, groups);
  return out;
}

RankTestOptions with_weight(TestWeight weight, double rho = 0, double gamma = 0) {
  RankTestOptions options;
  options.weight = weight;
  options.rho = rho;
  options.gamma = gamma;
  return options;
}

void expect_by_definition(const Data& data, const std::vector<int>& group, int groups,
                          const RankTestOptions& options) {
  const oracle::Ranks expected = oracle::RankOracle(data, group, groups, options).run();
  const RankTest actual = rank_test(data.response(), group.data(), groups, options);
  Real unit = 1e-300L, square = 1e-300L;
  for (std::size_t j = 0; j < std::size_t(groups); ++j) {
    for (const Real x : expected.observed[j]) unit += x;
    square += expected.variance[j][j];
  }
  for (Eigen::Index j = 0; j < groups; ++j) {
    const std::size_t g = std::size_t(j);
    for (Eigen::Index s = 0; s < actual.observed.cols(); ++s) {
      EXPECT_LE(std::fabs(actual.observed(j, s) - expected.observed[g][std::size_t(s)]),
                kTolerance * unit);
      EXPECT_LE(std::fabs(actual.expected(j, s) - expected.expected[g][std::size_t(s)]),
                kTolerance * unit);
    }
    EXPECT_LE(std::fabs(actual.score[j] - expected.score[g]), kTolerance * unit);
    for (Eigen::Index i = 0; i < groups; ++i) {
      EXPECT_LE(std::fabs(actual.variance(i, j) - expected.variance[std::size_t(i)][g]),
                kTolerance * square);
    }
  }
}

TEST(RankTest, ByDefinition) {
  std::uint64_t seed = 7000;
  for (const std::size_t rows : {0, 1, 2, 5, 40}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const bool counts : {false, true}) {
        shape.weights = counts ? Weights::counts : Weights::none;
        const Data data = oracle::random_data(shape, ++seed);
        for (const int groups : {2, 4}) {
          const std::vector<int> group = random_groups(rows, groups, seed);
          for (const TestWeight weight : kTests) {
            SCOPED_TRACE(seed);
            expect_by_definition(data, group, groups, with_weight(weight, 0.5, 1.5));
          }
        }
      }
    }
  }
}

TEST(RankTest, RobustByDefinition) {
  std::uint64_t seed = 7300;
  for (const std::size_t rows : {1, 2, 5, 25}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      const bool frequency = (bits & 8) != 0;
      shape.weights = frequency ? Weights::counts : Weights::cases;
      const Data data = oracle::random_data(shape, ++seed);
      const std::vector<int> group = random_groups(rows, 3, seed);
      const std::vector<int> cluster = random_groups(rows, 7, seed + 1000);
      for (const TestWeight weight : kTests) {
        RankTestOptions options = with_weight(weight, 1, 0.5);
        options.robust = true;
        options.frequency = frequency;
        SCOPED_TRACE(seed);
        expect_by_definition(data, group, 3, options);
        options.cluster = cluster.data();
        options.clusters = 7;
        expect_by_definition(data, group, 3, options);
      }
    }
  }
}

TEST(RankTest, OnHundredsOfRowsWithEntry) {
  Shape shape{250, 0, false, false, Weights::cases};
  shape.entry = true;
  const Data data = oracle::random_data(shape, 7600);
  const std::vector<int> group = random_groups(250, 3, 7600);
  RankTestOptions options = with_weight(TestWeight::gehan);
  options.robust = true;
  expect_by_definition(data, group, 3, options);
}

// Group 1 dies at 1 and is censored at 3; group 2 dies at 2 and 4.
const Data kFour{{1, 3, 2, 4}, {}, {}, {}, {1, 0, 1, 1}, {}, {}};
const std::vector<int> kTwoAndTwo{1, 1, 2, 2};

double four(TestWeight weight, double rho = 0, double gamma = 0) {
  return rank_test(kFour.response(), kTwoAndTwo.data(), 2, with_weight(weight, rho, gamma))
      .chi_squared.statistic;
}

TEST(RankTest, ByHand) {
  const RankTest test =
      rank_test(kFour.response(), kTwoAndTwo.data(), 2, with_weight(TestWeight::logrank));
  EXPECT_DOUBLE_EQ(test.expected(0, 0), 1.0 / 2 + 1.0 / 3);
  EXPECT_DOUBLE_EQ(test.variance(0, 0), 1.0 / 4 + 2.0 / 9);
  EXPECT_EQ(test.chi_squared.df, 1);
  EXPECT_DOUBLE_EQ(test.chi_squared.statistic, 1.0 / 17);
  EXPECT_DOUBLE_EQ(four(TestWeight::gehan), 1.0 / 6);
  const double u = 1 - std::sqrt(3.0) / 3;
  EXPECT_DOUBLE_EQ(four(TestWeight::tarone_ware), u * u * 3 / 5);
  EXPECT_DOUBLE_EQ(four(TestWeight::peto), 1.0 / 6);
  EXPECT_DOUBLE_EQ(four(TestWeight::fleming_harrington, 1, 0), 1.0 / 6);
  EXPECT_DOUBLE_EQ(four(TestWeight::fleming_harrington, 0, 1), 1.0 / 2);
  EXPECT_DOUBLE_EQ(four(TestWeight::fleming_harrington, 0, 0), 1.0 / 17);
}

// At 2 those of entry 2 are not at risk yet: one of each group is. At 3 one of group 1 and two of
// group 2 are, and both deaths are of group 2.
TEST(RankTest, DelayedEntryByHand) {
  const Data data{{2, 3, 5, 3}, {0, 1, 2, 2}, {}, {}, {1, 1, 0, 1}, {}, {}};
  const std::vector<int> group{1, 2, 1, 2};
  const RankTest test =
      rank_test(data.response(), group.data(), 2, with_weight(TestWeight::logrank));
  EXPECT_DOUBLE_EQ(test.expected(0, 0), 1.0 / 2 + 2 * 1.0 / 3);
  EXPECT_DOUBLE_EQ(test.score[0], 1 - 7.0 / 6);
  EXPECT_DOUBLE_EQ(test.variance(0, 0), 1.0 / 4 + 2 * (1.0 / 2) * 2.0 / 9);
}

TEST(RankTest, TheStatisticIsTheQuadraticForm) {
  const Data data = oracle::random_data({60, 0}, 7700);
  const std::vector<int> group = random_groups(60, 4, 7700);
  for (const bool robust : {false, true}) {
    RankTestOptions options = with_weight(TestWeight::tarone_ware);
    options.robust = robust;
    const RankTest test = rank_test(data.response(), group.data(), 4, options);
    const Eigen::VectorXd u = test.score.tail(3);
    const double direct = u.dot(test.variance.bottomRightCorner(3, 3).ldlt().solve(u));
    EXPECT_EQ(test.chi_squared.df, 3);
    EXPECT_NEAR(test.chi_squared.statistic, direct, 1e-10 * direct);
  }
}

// Groups 1 and 2 are never at risk together with 3 and 4, group 5 never at an event.
TEST(RankTest, PartsThatAreNeverComparedTakeDegreesOfFreedom) {
  const Data both{{1, 2, 3, 4, 1, 2, 3, 4, 0.5}, {}, {}, {}, {1, 1, 0, 1, 1, 1, 1, 0, 0},
                  {1, 1, 1, 1, 2, 2, 2, 2, 2},   {}};
  const std::vector<int> group{1, 2, 1, 2, 3, 4, 4, 3, 5};
  for (const bool robust : {false, true}) {
    RankTestOptions options;
    options.robust = robust;
    const RankTest test = rank_test(both.response(), group.data(), 5, options);
    EXPECT_EQ(test.chi_squared.df, 2);
    double sum = 0;
    for (const int s : {1, 2}) {
      std::vector<std::size_t> rows;
      std::vector<int> own;
      for (std::size_t i = 0; i < 8; ++i) {
        if (both.stratum[i] != s) continue;
        rows.push_back(i);
        own.push_back(group[i] - 2 * (s - 1));
      }
      const Data part = both.take(rows);
      sum += rank_test(part.response(), own.data(), 2, options).chi_squared.statistic;
    }
    EXPECT_NEAR(test.chi_squared.statistic, sum, 1e-12);
  }
}

TEST(RankTest, NothingToCompareHasNoDegreesOfFreedom) {
  const Data apart{{1, 2, 1, 2}, {}, {}, {}, {1, 1, 1, 0}, {1, 1, 2, 2}, {}};
  const std::vector<int> group{1, 1, 2, 2};
  for (const bool robust : {false, true}) {
    RankTestOptions options;
    options.robust = robust;
    const RankTest test = rank_test(apart.response(), group.data(), 2, options);
    EXPECT_EQ(test.chi_squared.df, 0);
    EXPECT_EQ(test.chi_squared.statistic, 0);
  }
  const Data together{{1, 1, 1}, {}, {}, {}, {1, 1, 1}, {}, {}};
  EXPECT_EQ(rank_test(together.response(), group.data(), 2, {}).chi_squared.df, 0);
}

TEST(RankTest, CloseTimesAreTied) {
  const Data close{{1, 1 + 1e-10, 2, 3}, {}, {}, {}, {1, 1, 1, 0}, {}, {}};
  Data tied = close;
  tied.time[1] = 1;
  const RankTest a = rank_test(close.response(), kTwoAndTwo.data(), 2, {});
  const RankTest b = rank_test(tied.response(), kTwoAndTwo.data(), 2, {});
  EXPECT_EQ(a.merged_times, 1);
  EXPECT_EQ(a.chi_squared.statistic, b.chi_squared.statistic);
  RankTestOptions apart;
  apart.merge_close_times = false;
  EXPECT_NE(rank_test(close.response(), kTwoAndTwo.data(), 2, apart).chi_squared.statistic,
            a.chi_squared.statistic);
}

}  // namespace
}  // namespace lmsurv
