#include "sort_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "random_data.hpp"

namespace lmsurv {
namespace {

void expect_sorted_as_stable_sort(const std::vector<double>& values, int threads = 1) {
  for (const bool descending : {false, true}) {
    std::vector<int> index(values.size());
    std::iota(index.begin(), index.end(), 0);
    std::stable_sort(index.begin(), index.end(), [&](int a, int b) {
      return descending ? values[a] > values[b] : values[a] < values[b];
    });
    Execution execution;
    execution.threads = threads;
    std::vector<int> label(values.size());
    for (std::size_t i = 0; i < label.size(); ++i) label[i] = -3 * static_cast<int>(i);
    const Sorted sorted =
        sort_values(values.data(), values.size(), descending, execution, label.data());
    EXPECT_EQ(sorted.index, index);
    for (std::size_t i = 0; i < index.size(); ++i) EXPECT_EQ(sorted.label[i], -3 * index[i]);
    ASSERT_EQ(sorted.value.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(sorted.value[i], values[index[i]]) << "at " << i << ", descending " << descending;
    }
  }
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(SortValues, NothingAndOneValue) {
  expect_sorted_as_stable_sort({});
  expect_sorted_as_stable_sort({-3.5});
}

TEST(SortValues, NegativeZeroIsZeroAndKeepsItsPlace) {
  expect_sorted_as_stable_sort({0.0, -0.0, 1, -1, -0.0, 0.0});
  const double zero = -0.0;
  EXPECT_FALSE(std::signbit(sort_values(&zero, 1, false).value[0]));
  EXPECT_TRUE(sort_values(&zero, 1, false).label.empty());
}

TEST(SortValues, ExtremesOfTheType) {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double largest = std::numeric_limits<double>::max();
  expect_sorted_as_stable_sort(
      {1, kInfinity, -largest, tiny, -tiny, -kInfinity, 0, largest, -1, kInfinity, -kInfinity});
}

TEST(SortValues, NeighboursInTheLastBit) {
  std::vector<double> values{1, -1, 1e300, -1e-300};
  for (int i = 0; i < 20; ++i) {
    for (int sign : {1, -1})
      values.push_back(std::nextafter(values[values.size() - 4], sign * kInfinity));
  }
  expect_sorted_as_stable_sort(values);
}

TEST(SortValues, DuplicatesKeepTheirOrder) {
  oracle::Random random(1);
  std::vector<double> values(5000);
  for (double& v : values) v = random.integer(-4, 4);
  expect_sorted_as_stable_sort(values);
}

TEST(SortValues, AllMagnitudes) {
  oracle::Random random(2);
  std::vector<double> values(5000);
  for (double& v : values) {
    v = random.uniform(-1, 1) * std::pow(10.0, random.integer(-300, 300));
  }
  expect_sorted_as_stable_sort(values);
}

// Times in days with rounding noise: many values that agree in all but their last bits.
TEST(SortValues, CloseValues) {
  oracle::Random random(3);
  std::vector<double> values(5000);
  for (double& v : values) {
    v = random.integer(-3, 3) / 7.0;
    const int bits = random.integer(1, 40);
    v *= 1 + std::ldexp(random.integer(0, 3), bits - 52);
  }
  expect_sorted_as_stable_sort(values);
}

// Above the size from which threads are used, and with runs of every kind.
TEST(SortValues, ManyValuesOnAnyNumberOfThreads) {
  oracle::Random random(4);
  std::vector<double> spread(60000), days(60000), close(60000);
  for (double& v : spread) v = -std::log(random.uniform(0, 1));
  for (double& v : days) v = random.integer(0, 3000);
  for (double& v : close) v = 1 + std::ldexp(random.integer(0, 30000), -52);
  close[17] = 1e300;  // all others share their leading bits
  std::vector<double> ordered(spread);
  std::sort(ordered.begin(), ordered.end());
  std::vector<double> nearly(ordered);
  std::swap(nearly[29999], nearly[30000]);  // where one thread ends and another begins
  for (const int threads : {1, 2, 3}) {
    for (const auto* values : {&spread, &days, &close, &ordered, &nearly}) {
      SCOPED_TRACE(threads);
      expect_sorted_as_stable_sort(*values, threads);
    }
  }
}

TEST(SortValues, AllEqual) { expect_sorted_as_stable_sort(std::vector<double>(100, 7.25)); }

}  // namespace
}  // namespace lmsurv
