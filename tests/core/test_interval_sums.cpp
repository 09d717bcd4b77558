#include "interval_sums.hpp"

#include <gtest/gtest.h>

#include "oracle.hpp"

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-13;

struct Interval {
  int lo, hi;
};

// Empty, one node, within a block, to the edges of blocks, across several, everything; then random.
std::vector<Interval> intervals_of(int nodes, std::uint64_t seed) {
  std::vector<Interval> out{{0, nodes}, {0, 0}, {nodes, nodes}, {nodes, 0}};
  for (int edge = 0; edge <= nodes; edge += kBlock) {
    for (int length : {1, 2, kBlock - 1, kBlock, kBlock + 1, 2 * kBlock, 5 * kBlock + 3}) {
      out.push_back({edge, std::min(nodes, edge + length)});
      out.push_back({std::max(0, edge - length), edge});
      out.push_back({std::max(0, edge - 1), std::min(nodes, edge + length)});
    }
  }
  oracle::Random random(seed);
  for (int i = 0; i < 200; ++i) {
    const int lo = random.integer(0, nodes);
    out.push_back({lo, random.integer(lo, nodes)});
  }
  return out;
}

class IntervalSums : public ::testing::TestWithParam<int> {};
// Around the edges of one, two and three levels of blocks.
INSTANTIATE_TEST_SUITE_P(Nodes, IntervalSums,
                         ::testing::Values(1, 2, 31, 32, 33, 64, 100, 1023, 1024, 1025, 1500,
                                           32 * 32 * 32 + 70));

TEST_P(IntervalSums, CoverAddsToEveryNodeOfTheInterval) {
  const int nodes = GetParam();
  for (const std::size_t width : {1, 4}) {
    CoverSums sums(nodes, width), other(nodes, width);
    std::vector<long double> direct(std::size_t(nodes) * width);
    oracle::Random random(3);
    int turn = 0;
    for (const Interval& interval : intervals_of(nodes, 4)) {
      std::vector<double> v(width);
      for (double& value : v) value = random.uniform(0, 1);
      const double c = random.uniform(0, 2);
      (++turn % 3 == 0 ? other : sums).add(interval.lo, interval.hi, c, v.data());
      for (int k = interval.lo; k < interval.hi; ++k) {
        for (std::size_t j = 0; j < width; ++j)
          direct[width * std::size_t(k) + j] += (long double)c * v[j];
      }
    }
    sums.merge(other);
    sums.finish();
    double worst = 0;
    for (int k = 0; k < nodes; ++k) {
      for (std::size_t j = 0; j < width; ++j) {
        const double error = oracle::distance(sums.at(k)[j], direct[width * std::size_t(k) + j], 1);
        worst = std::max(worst, error);
      }
    }
    EXPECT_LE(worst, kTolerance) << "width " << width;
  }
}

TEST_P(IntervalSums, RangeAddsTheValuesOfTheInterval) {
  const int nodes = GetParam();
  for (const std::size_t width : {1, 4}) {
    oracle::Random random(5);
    std::vector<double> values(std::size_t(nodes) * width);
    for (double& v : values) v = random.uniform(0, 1);
    const RangeSums sums(values, width);
    for (const Interval& interval : intervals_of(nodes, 6)) {
      std::vector<double> out(width, 0.5);
      sums.add_to(interval.lo, interval.hi, out.data());
      for (std::size_t j = 0; j < width; ++j) {
        long double direct = 0.5;
        for (int k = interval.lo; k < interval.hi; ++k)
          direct += values[width * std::size_t(k) + j];
        ASSERT_LE(oracle::distance(out[j], direct, 1), kTolerance)
            << "[" << interval.lo << ", " << interval.hi << ") of " << nodes;
      }
    }
  }
}

TEST(IntervalSumsPrecision, AHugeNeighbourCostsNoDigit) {
  const double huge = 1e25, small = 1;
  CoverSums sums(2000, 1);
  sums.add(0, 1000, 1, &huge);
  sums.add(500, 2000, 1, &small);
  sums.finish();
  EXPECT_EQ(*sums.at(999), huge);
  EXPECT_EQ(*sums.at(1000), small);

  std::vector<double> values(2000, small);
  values[700] = huge;
  const RangeSums range(values, 1);
  for (const Interval& interval : {Interval{701, 2000}, {0, 700}, {690, 700}, {701, 703}}) {
    double out = 0;
    range.add_to(interval.lo, interval.hi, &out);
    EXPECT_EQ(out, interval.hi - interval.lo);
  }
}

}  // namespace
}  // namespace lmsurv
