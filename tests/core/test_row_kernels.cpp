#include "row_kernels.hpp"

#include <gtest/gtest.h>

#include "oracle.hpp"

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-13;
constexpr double kUntouched = -77.25;
const std::size_t kRows[] = {0, 1, 3, 63, 64, 65, 128, 200};

std::vector<double> random_values(std::size_t n, std::uint64_t seed) {
  oracle::Random random(seed);
  std::vector<double> out(n);
  for (double& v : out) v = random.uniform(-1, 1);
  return out;
}

class RowKernelStrides : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Strides, RowKernelStrides, ::testing::Range<std::size_t>(4, 109, 4));

TEST_P(RowKernelStrides, Dot) {
  const std::size_t stride = GetParam();
  for (const std::size_t rows : kRows) {
    const auto z = random_values(rows * stride, 1), b = random_values(stride, 2);
    std::vector<double> out(rows, kUntouched);
    row_kernels().dot(z.data(), rows, stride, b.data(), out.data());
    for (std::size_t i = 0; i < rows; ++i) {
      long double direct = 0;
      for (std::size_t j = 0; j < stride; ++j) direct += (long double)z[stride * i + j] * b[j];
      ASSERT_LE(oracle::distance(out[i], direct, 1), kTolerance) << i << " of " << rows;
    }
  }
}

TEST_P(RowKernelStrides, Accumulate) {
  const std::size_t stride = GetParam();
  for (const std::size_t rows : kRows) {
    const auto z = random_values(rows * stride, 3), c = random_values(rows, 4);
    std::vector<double> sum(stride, 0.5);
    row_kernels().accumulate(z.data(), rows, stride, c.data(), sum.data());
    for (std::size_t j = 0; j < stride; ++j) {
      long double direct = 0.5;
      for (std::size_t i = 0; i < rows; ++i) direct += (long double)c[i] * z[stride * i + j];
      ASSERT_LE(oracle::distance(sum[j], direct, 1), kTolerance) << j << " of " << rows << " rows";
    }
  }
}

TEST_P(RowKernelStrides, GramOfTheUpperBlocksOnly) {
  const std::size_t stride = GetParam();
  for (const std::size_t rows : kRows) {
    const auto z = random_values(rows * stride, 5), c = random_values(rows, 6);
    std::vector<double> gram(stride * stride, kUntouched);
    row_kernels().gram(z.data(), rows, stride, c.data(), gram.data());
    for (std::size_t a = 0; a < stride; ++a) {
      for (std::size_t b = 0; b < stride; ++b) {
        if (b < a - a % kLanes) {
          ASSERT_EQ(gram[stride * a + b], kUntouched);
          continue;
        }
        long double direct = kUntouched;
        for (std::size_t i = 0; i < rows; ++i) {
          direct += (long double)c[i] * z[stride * i + a] * z[stride * i + b];
        }
        ASSERT_LE(oracle::distance(gram[stride * a + b], direct, 1), kTolerance)
            << a << ", " << b << " of " << rows << " rows";
      }
    }
  }
}

TEST_P(RowKernelStrides, Scale) {
  const std::size_t stride = GetParam();
  const auto z = random_values(stride, 7);
  std::vector<double> out(stride, kUntouched);
  row_kernels().scale(z.data(), stride, 0.3, out.data());
  for (std::size_t j = 0; j < stride; ++j) ASSERT_EQ(out[j], 0.3 * z[j]);
}

TEST(RowKernels, PaddedIsTheNextMultiple) {
  EXPECT_EQ(padded(1), kLanes);
  EXPECT_EQ(padded(kLanes), kLanes);
  EXPECT_EQ(padded(kLanes + 1), 2 * kLanes);
}

}  // namespace
}  // namespace lmsurv
