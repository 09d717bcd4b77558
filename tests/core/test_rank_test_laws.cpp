#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "random_data.hpp"
#include "rank_test.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-11;

const std::vector<TestWeight> kTests{TestWeight::logrank, TestWeight::gehan,
                                     TestWeight::tarone_ware, TestWeight::peto,
                                     TestWeight::fleming_harrington};

struct Grouped {
  Data data;
  std::vector<int> group, cluster;

  Grouped take(const std::vector<std::size_t>& rows) const {
    Grouped out{data.take(rows), {}, {}};
    for (const std::size_t i : rows) {
      out.group.push_back(group[i]);
      out.cluster.push_back(cluster[i]);
    }
    return out;
  }
  RankTest test(RankTestOptions options, bool clustered = false) const {
    if (clustered) {
      options.cluster = cluster.data();
      options.clusters = int(cluster.size());
    }
    return rank_test(data.response(), group.data(), 3, options);
  }
};

Grouped random_grouped(const Shape& shape, std::uint64_t seed) {
  oracle::Random random(seed);
  Grouped out{oracle::random_data(shape, seed), {}, {}};
  for (std::size_t i = 0; i < shape.rows; ++i) {
    out.group.push_back(random.integer(1, 3));
    out.cluster.push_back(int(i) + 1);
  }
  return out;
}

RankTestOptions make_options(TestWeight weight, bool robust) {
  RankTestOptions options;
  options.weight = weight;
  options.rho = 0.7;
  options.gamma = 1.2;
  options.robust = robust;
  return options;
}

void expect_same(const RankTest& a, const RankTest& b, double variance_scale = 1) {
  const double unit = a.observed.sum();
  EXPECT_LE((a.observed - b.observed).norm(), kTolerance * unit);
  EXPECT_LE((a.expected - b.expected).norm(), kTolerance * unit);
  EXPECT_LE((variance_scale * a.variance - b.variance).norm(), kTolerance * a.variance.norm());
  EXPECT_EQ(a.chi_squared.df, b.chi_squared.df);
  EXPECT_LE(std::fabs(a.chi_squared.statistic - variance_scale * b.chi_squared.statistic),
            1e-9 * a.chi_squared.statistic);
}

std::vector<Shape> shapes(Weights weights) {
  Shape entry{80, 0, true, true, weights};
  entry.entry = true;
  return {{80, 0, true, true, weights}, {80, 0, false, false, weights}, entry};
}

TEST(RankTestLaws, OrderOfRowsDoesNotMatter) {
  for (const Shape& shape : shapes(Weights::cases)) {
    const Grouped g = random_grouped(shape, 8000);
    const Grouped shuffled = g.take(oracle::Random(8001).permutation(80));
    for (const TestWeight weight : kTests) {
      expect_same(g.test(make_options(weight, true)), shuffled.test(make_options(weight, true)));
    }
  }
}

TEST(RankTestLaws, FrequenciesAreExpandedRows) {
  for (const Shape& shape : shapes(Weights::counts)) {
    const Grouped g = random_grouped(shape, 8010);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < 80; ++i) {
      for (int k = 0; k < int(g.data.weight[i]); ++k) rows.push_back(i);
    }
    Grouped expanded = g.take(rows);
    expanded.data.weight.clear();
    for (const TestWeight weight : kTests) {
      for (const bool robust : {false, true}) {
        RankTestOptions options = make_options(weight, robust);
        options.frequency = true;
        const RankTest a = g.test(options), b = expanded.test(options);
        expect_same(a, b);
        EXPECT_EQ(a.rows, b.rows);
        EXPECT_EQ(a.events, b.events);
        EXPECT_EQ(b.rows.sum(), double(rows.size()));
        const std::vector<int>& status = expanded.data.status;
        EXPECT_EQ(b.events.sum(), std::accumulate(status.begin(), status.end(), 0));
      }
    }
  }
}

// (entry, t] in (entry, m] and (m, t]; the parts are one cluster.
TEST(RankTestLaws, SplitIntervalsChangeNothing) {
  for (const Shape& shape : shapes(Weights::counts)) {
    const Grouped g = random_grouped(shape, 8020);
    Grouped split = g;
    if (split.data.entry.empty()) split.data.entry.assign(80, 0);
    for (std::size_t i = 0; i < 80; i += 2) {
      const double middle = (split.data.entry[i] + split.data.time[i]) / 2;
      split.data.entry.push_back(split.data.entry[i]);
      split.data.time.push_back(middle);
      split.data.status.push_back(0);
      split.data.weight.push_back(g.data.weight[i]);
      if (!g.data.stratum.empty()) split.data.stratum.push_back(g.data.stratum[i]);
      split.group.push_back(g.group[i]);
      split.cluster.push_back(g.cluster[i]);
      split.data.entry[i] = middle;
    }
    for (const TestWeight weight : kTests) {
      expect_same(g.test(make_options(weight, false)), split.test(make_options(weight, false)));
      expect_same(g.test(make_options(weight, true), true),
                  split.test(make_options(weight, true), true));
    }
  }
}

TEST(RankTestLaws, UnitsOfTimeDoNotMatter) {
  for (const Shape& shape : shapes(Weights::cases)) {
    const Grouped g = random_grouped(shape, 8030);
    Grouped scaled = g;
    for (double& t : scaled.data.time) t *= 4096;
    for (double& t : scaled.data.entry) t *= 4096;
    for (const TestWeight weight : kTests) {
      const RankTest a = g.test(make_options(weight, true));
      const RankTest b = scaled.test(make_options(weight, true));
      EXPECT_EQ(a.chi_squared.statistic, b.chi_squared.statistic);
    }
  }
}

// With all weights doubled the robust log-rank stays, and so do those whose weights are ratios.
TEST(RankTestLaws, ScaleOfCaseWeightsDoesNotMatter) {
  const Grouped g = random_grouped({80, 0, true, true, Weights::cases}, 8040);
  for (const double factor : {2.0, 0x1p-500, 0x1p400}) {
    Grouped scaled = g;
    for (double& w : scaled.data.weight) w *= factor;
    for (const TestWeight weight : {TestWeight::logrank, TestWeight::fleming_harrington}) {
      EXPECT_DOUBLE_EQ(g.test(make_options(weight, true)).chi_squared.statistic,
                       scaled.test(make_options(weight, true)).chi_squared.statistic);
    }
  }
}

void add_row(Grouped& g, double entry, double time, int status, double weight, int group) {
  g.data.entry.push_back(entry);
  g.data.time.push_back(time);
  g.data.status.push_back(status);
  g.data.weight.push_back(weight);
  g.group.push_back(group);
  g.cluster.push_back(int(g.cluster.size()) + 1);
}

// Rows with 1e15 times the weight of the others enter late, beside one light row of each group that
// was there before: the early events, which alone count with so great a rho, know nothing of them.
TEST(RankTestLaws, GreatWeightsLeaveNoTrace) {
  Shape shape{60, 0, false, false, Weights::cases};
  shape.entry = true;
  Grouped light = random_grouped(shape, 8050);
  for (int j = 1; j <= 3; ++j) add_row(light, 0, 300, 0, 0.7, j);
  Grouped heavy = light;
  for (int j = 1; j <= 3; ++j) add_row(heavy, 150, 155 + j, 1, 1e15 + 3e14 * j, j);
  RankTestOptions options = make_options(TestWeight::fleming_harrington, true);
  options.rho = 40;
  options.gamma = 0;
  const RankTest without = light.test(options), with = heavy.test(options);
  EXPECT_LE((with.score - without.score).norm(), 1e-13 * without.expected.norm());
}

// Group 1 is at risk from 10 on, after the events of the others. Its weights are such that their
// sum, when they have left one by one, is not 0 even with its rounding errors kept.
TEST(RankTestLaws, AGroupThatHasNotEnteredIsNotAtRisk) {
  Grouped others{{}, {}, {}};
  for (int i = 0; i < 6; ++i) add_row(others, 0, 1 + i, 1, (1 + i) * 1e-30, 2 + i % 2);
  Grouped all = others;
  add_row(all, 10, 11, 1, 1e-30, 1);
  add_row(all, 10, 13, 1, 1e30, 1);
  add_row(all, 10, 12, 1, 1, 1);
  const RankTestOptions options = make_options(TestWeight::logrank, true);
  const RankTest without = others.test(options), with = all.test(options);
  EXPECT_EQ(with.score[1], without.score[1]);
  EXPECT_EQ(with.score[2], without.score[2]);
  EXPECT_EQ(with.chi_squared.df, 1);
}

// The weights of all who die at 2 add to more than those at risk by rounding: nobody is left then.
TEST(RankTestLaws, SurvivalDoesNotFallBelowZero) {
  const Data data{{2, 2, 2, 5, 6, 7},
                  {0, 0, 0, 3, 3, 3},
                  {0.1, 0.2, 0.3, 1.5, 2.5, 1},
                  {},
                  {1, 1, 1, 1, 1, 0},
                  {},
                  {}};
  const std::vector<int> group{3, 2, 1, 1, 2, 3};
  const RankTest test = rank_test(data.response(), group.data(), 3,
                                  make_options(TestWeight::fleming_harrington, true));
  EXPECT_EQ(test.observed.sum(), 0);
}

TEST(RankTestLaws, TrendOfTwoGroupsIsTheTest) {
  Grouped g = random_grouped({60, 0}, 8060);
  for (int& group : g.group) group = 1 + group % 2;
  for (const bool robust : {false, true}) {
    const RankTest test =
        rank_test(g.data.response(), g.group.data(), 2, make_options(TestWeight::peto, robust));
    const TrendTest trend = trend_test(test, {3, -5});
    EXPECT_NEAR(trend.score * trend.score / trend.variance, test.chi_squared.statistic,
                1e-12 * test.chi_squared.statistic);
  }
}

TEST(RankTestLaws, TrendIsTheQuadraticForm) {
  const Grouped g = random_grouped({60, 0}, 8070);
  const std::vector<double> scores{1e6 + 1, 1e6 + 2, 1e6 + 5};
  const Eigen::Vector3d a(1, 2, 5);
  for (const bool robust : {false, true}) {
    const RankTest test = g.test(make_options(TestWeight::logrank, robust));
    const TrendTest trend = trend_test(test, scores);
    const double score = a.dot(test.score), variance = a.dot(test.variance * a);
    EXPECT_NEAR(trend.score, score, 1e-9 * std::fabs(score));
    EXPECT_NEAR(trend.variance, variance, 1e-9 * variance);
  }
}

TEST(RankTestLaws, PairsAreTestsOfTheirOwnRows) {
  for (const Shape& shape : shapes(Weights::counts)) {
    Grouped g = random_grouped(shape, 8080);
    for (int& c : g.cluster) c = 1 + c % 11;
    for (const bool robust : {false, true}) {
      RankTestOptions options = make_options(TestWeight::fleming_harrington, robust);
      options.cluster = robust ? g.cluster.data() : nullptr;
      options.clusters = 80;
      const std::vector<RankTest> pairs =
          pairwise_rank_tests(g.data.response(), g.group.data(), 3, options);
      ASSERT_EQ(pairs.size(), 3u);
      const int first[] = {1, 1, 2}, second[] = {2, 3, 3};
      for (std::size_t p = 0; p < 3; ++p) {
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < 80; ++i) {
          if (g.group[i] == first[p] || g.group[i] == second[p]) rows.push_back(i);
        }
        Grouped two = g.take(rows);
        for (int& group : two.group) group = group == first[p] ? 1 : 2;
        options.cluster = robust ? two.cluster.data() : nullptr;
        const RankTest alone = rank_test(two.data.response(), two.group.data(), 2, options);
        expect_same(alone, pairs[p]);
        options.cluster = robust ? g.cluster.data() : nullptr;
      }
    }
  }
}

// Which times are tied is settled among all rows: beside group 3's the gap is too small to see.
TEST(RankTestLaws, PairsTakeTheTiesOfAllRows) {
  Grouped g{{{1, 1 + 1e-6, 2, 3, 1e6, 2e6}, {}, {}, {}, {1, 1, 1, 0, 1, 1}, {}, {}},
            {1, 2, 1, 2, 3, 3},
            {1, 2, 3, 4, 5, 6}};
  const auto first = [](const Grouped& g) {
    return pairwise_rank_tests(g.data.response(), g.group.data(), 3, {})[0].chi_squared.statistic;
  };
  const double close = first(g);
  g.data.time[1] = 1;
  EXPECT_EQ(close, first(g));
  g.data.time[1] = 1.1;
  EXPECT_NE(close, first(g));
}

// The gap of groups 2 and 3 is small beside their own times, but not beside those of all rows.
TEST(RankTestLaws, PairsTakeNoTiesOfTheirOwn) {
  Grouped g{
      {{1e6, 1e6 + 0.005, 2e6, 2e6}, {}, {}, {}, {1, 1, 1, 0}, {}, {}}, {2, 3, 2, 3}, {1, 2, 3, 4}};
  for (int i = 0; i < 20; ++i) {
    g.data.time.push_back(1 + i);
    g.data.status.push_back(1);
    g.group.push_back(1);
  }
  RankTestOptions apart;
  apart.merge_close_times = false;
  const auto last = [&g](const RankTestOptions& options) {
    return pairwise_rank_tests(g.data.response(), g.group.data(), 3, options)[2];
  };
  EXPECT_EQ(last({}).variance, last(apart).variance);
}

TEST(RankTestLaws, ThreadsGiveTheSameBits) {
  const Grouped g = random_grouped({200, 0, true, true, Weights::cases}, 8090);
  std::vector<int> group(200);
  for (std::size_t i = 0; i < 200; ++i) group[i] = 1 + int(i % 7);
  RankTestOptions options = make_options(TestWeight::peto, true);
  const auto run = [&](int threads) {
    options.execution.threads = threads;
    return pairwise_rank_tests(g.data.response(), group.data(), 7, options);
  };
  const std::vector<RankTest> one = run(1), two = run(2);
  for (std::size_t p = 0; p < one.size(); ++p) {
    EXPECT_EQ(one[p].chi_squared.statistic, two[p].chi_squared.statistic);
    EXPECT_EQ(one[p].variance, two[p].variance);
  }
}

// Fifty groups, most of them at risk now and then only.
TEST(RankTestLaws, ManyGroupsMerged) {
  Shape shape{400, 0, true, false};
  shape.entry = true;
  const Data data = oracle::random_data(shape, 8100);
  std::vector<int> fine(400), coarse(400);
  for (std::size_t i = 0; i < 400; ++i) {
    fine[i] = 1 + int(i % 50);
    coarse[i] = 1 + int(i % 50) / 25;
  }
  const RankTest many = rank_test(data.response(), fine.data(), 50, {});
  const RankTest few = rank_test(data.response(), coarse.data(), 2, {});
  EXPECT_NEAR(many.score.head(25).sum(), few.score[0], 1e-11);
  EXPECT_NEAR(many.variance.topLeftCorner(25, 25).sum(), few.variance(0, 0), 1e-10);
}

TEST(RankTestLaws, InterruptStopsTheTest) {
  const Grouped g = random_grouped({50, 0}, 8110);
  RankTestOptions options;
  options.execution.interrupt = [] { throw std::runtime_error("stop"); };
  EXPECT_THROW(g.test(options), std::runtime_error);
  EXPECT_THROW(pairwise_rank_tests(g.data.response(), g.group.data(), 3, options),
               std::runtime_error);
}

}  // namespace
}  // namespace lmsurv
