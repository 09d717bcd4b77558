#include "design.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "oracle.hpp"
#include "response.hpp"
#include "row_kernels.hpp"

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-13;

// Rows at the given positions, at risk together.
RiskOrder one_run(const std::vector<int>& row) {
  RiskOrder order;
  order.row = row;
  order.stratum_begin = {0, static_cast<int>(row.size())};
  order.stratum_events = {0, 0};
  return order;
}

TEST(StandardDesign, GathersCentredAndScaledRowsOnesAndPadding) {
  const std::vector<double> number{3, 5, 5, 11}, weight{1, 2, 0, 1};
  const std::vector<int> code{2, 1, 3, 2}, row{3, 0, 2, 1};
  const std::vector<Column> columns{
      {number.data(), nullptr, 0}, {nullptr, code.data(), 0}, {nullptr, code.data(), 2}};
  const StandardDesign design(columns, one_run(row), weight.data(), {});
  ASSERT_EQ(design.rows(), 4u);
  ASSERT_EQ(design.columns(), 3u);
  ASSERT_EQ(design.stride(), padded(4));
  // Weighted means 6, 1.5, 0.5; variances 9, 0.25, 0.25.
  const double centre[] = {6, 1.5, 0.5}, scale[] = {3, 0.5, 0.5}, reach[] = {8 / 3.0, 4, 2};
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(design.centre_at(0)[j], centre[j], kTolerance);
    EXPECT_NEAR(design.scale()[j], scale[j], kTolerance);
    EXPECT_NEAR(design.reach()[j], reach[j], kTolerance);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const double x[] = {number[row[i]], double(code[row[i]]), code[row[i]] == 2 ? 1.0 : 0.0};
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(design.at(i)[j], (x[j] - centre[j]) / scale[j], kTolerance);
    }
    EXPECT_EQ(design.at(i)[3], 1);
    for (std::size_t j = 4; j < design.stride(); ++j) EXPECT_EQ(design.at(i)[j], 0);
  }
  EXPECT_NEAR(design.weighted_means()[0], 6, kTolerance);
  EXPECT_NEAR(design.plain_means()[0], 6, kTolerance);
  EXPECT_NEAR(design.plain_means()[1], 2, kTolerance);
  EXPECT_EQ(design.weighted_means()[2], 0);  // 0 and 1 only
  EXPECT_EQ(design.plain_means()[2], 0);
}

// Several blocks of rows, the last one short.
TEST(StandardDesign, PutsManyRowsAtTheirPositions) {
  constexpr std::size_t kRows = 1003;
  std::vector<double> number(kRows);
  std::vector<int> code(kRows), row(kRows);
  oracle::Random random(1);
  for (std::size_t i = 0; i < kRows; ++i) {
    number[i] = random.uniform(-3, 9);
    code[i] = 1 + static_cast<int>(i % 3);
    row[i] = static_cast<int>(i * 500 % kRows);
  }
  const std::vector<Column> columns{{number.data(), nullptr, 0}, {nullptr, code.data(), 3}};
  for (const int threads : {1, 2}) {
    const StandardDesign design(columns, one_run(row), nullptr, {threads, nullptr});
    for (std::size_t i = 0; i < kRows; ++i) {
      const double x[] = {number[row[i]], code[row[i]] == 3 ? 1.0 : 0.0};
      for (std::size_t j = 0; j < 2; ++j) {
        ASSERT_NEAR(design.at(i)[j], (x[j] - design.centre_at(0)[j]) / design.scale()[j],
                    kTolerance);
      }
      ASSERT_EQ(design.at(i)[2], 1);
      ASSERT_EQ(design.at(i)[3], 0);
    }
  }
}

TEST(StandardDesign, RefusesWhatIsNotFinite) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    for (std::size_t at = 0; at < 3; ++at) {
      std::vector<double> number{1, 2, 3};
      number[at] = bad;
      EXPECT_THROW(StandardDesign({{number.data(), nullptr, 0}}, one_run({0, 1, 2}), nullptr, {}),
                   InvalidInput);
    }
  }
  const std::vector<double> large{1e308, 1e308, -1e308};  // whose sum is not
  EXPECT_NO_THROW(summarise({large.data(), nullptr, 0}, 3, nullptr));
  const std::vector<double> small{1e-308, 2e-308, -1e-308};
  for (const std::vector<double>& number : {large, small}) {
    EXPECT_THROW(StandardDesign({{number.data(), nullptr, 0}}, one_run({0, 1, 2}), nullptr, {}),
                 InvalidInput);
  }
}

TEST(StandardDesign, AConstantColumnIsZeros) {
  const std::vector<double> number(5, 0.1);
  const StandardDesign design({{number.data(), nullptr, 0}}, one_run({0, 1, 2, 3, 4}), nullptr, {});
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(design.at(i)[0], 0);
  EXPECT_EQ(design.centre_at(0)[0], 0.1);
  EXPECT_EQ(design.scale()[0], 1);
  EXPECT_EQ(design.reach()[0], 0);
}

TEST(StandardDesign, SignsHaveMeanZero) {
  const std::vector<double> signs{-1, 0, 1, 1}, others{-1, 0, 1, 2};
  const StandardDesign design({{signs.data(), nullptr, 0}, {others.data(), nullptr, 0}},
                              one_run({0, 1, 2, 3}), nullptr, {});
  EXPECT_EQ(design.weighted_means()[0], 0);
  EXPECT_NEAR(design.weighted_means()[1], 0.5, kTolerance);
}

TEST(StandardDesign, NoRowsAndNoColumns) {
  const StandardDesign rows({{nullptr, nullptr, 0}}, one_run({}), nullptr, {});
  EXPECT_EQ(rows.rows(), 0u);
  const StandardDesign columns({}, one_run({1, 0}), nullptr, {});
  EXPECT_EQ(columns.columns(), 0u);
  EXPECT_EQ(columns.at(1)[0], 1);
}

TEST(StandardDesign, ASmallSpreadAroundAHugeMean) {
  oracle::Random random(51);
  std::vector<double> x(1000);
  std::vector<int> row(1000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 1e9 + random.uniform(-1, 1);
    row[i] = int(i);
  }
  long double mean = 0, variance = 0;
  for (const double v : x) mean += v / 1000.0L;
  for (const double v : x) variance += (v - mean) * (v - mean) / 1000;
  const StandardDesign design({{x.data(), nullptr, 0}}, one_run(row), nullptr, {});
  EXPECT_LE(oracle::distance(design.scale()[0], std::sqrt(variance), 0), 1e-7);
}

}  // namespace
}  // namespace lmsurv
