#include "double_double.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "random_data.hpp"

namespace lmsurv {
namespace {

TEST(DoubleDouble, KeepsWhatADoubleLoses) {
  DoubleDouble sum = 1e16;
  sum += 1;
  sum += 1e-10;
  sum -= 1e16;
  EXPECT_EQ(sum.value(), 1 + 1e-10);
  EXPECT_EQ((DoubleDouble(0.1) * 3 - 0.1 - 0.1 - 0.1).value(), 0);
}

TEST(DoubleDouble, ProductsAreExactToTwiceTheBits) {
  const double a = 1 + 0x1p-50, b = 1 - 0x1p-50;
  EXPECT_EQ((DoubleDouble(a) * b - 1).value(), -0x1p-100);
  EXPECT_EQ((-(DoubleDouble(a) * b) + 1).value(), 0x1p-100);
}

TEST(DoubleDouble, TakesAwayWhatItAdded) {
  oracle::Random random(77);
  std::vector<double> values;
  DoubleDouble sum, squares;
  for (int i = 0; i < 10000; ++i) {
    values.push_back(random.uniform(0, 1) * std::pow(10, random.integer(-8, 8)));
    sum += values.back();
    squares += DoubleDouble(values.back()) * values.back();
  }
  const double total = sum.value(), total_squares = squares.value();
  for (const double v : values) {
    sum -= v;
    squares -= DoubleDouble(v) * v;
  }
  EXPECT_LE(std::abs(sum.value()), 1e-28 * total);
  EXPECT_LE(std::abs(squares.value()), 1e-28 * total_squares);
}

}  // namespace
}  // namespace lmsurv
