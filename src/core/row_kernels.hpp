#pragma once

#include <cstddef>

namespace lmsurv {

// The inner loops over a row-major matrix `z` whose rows are `stride` doubles apart, `stride` a
// multiple of kLanes. Each has one implementation, compiled for the baseline of the platform and,
// on x86-64, for AVX2 with fused multiply-add; row_kernels() returns the best that the processor
// running now has.
constexpr std::size_t kLanes = 4;

constexpr std::size_t padded(std::size_t columns) {
  return (columns + kLanes - 1) / kLanes * kLanes;
}

struct RowKernels {
  // out[i] = sum_j z[i, j] b[j]
  void (*dot)(const double* z, std::size_t rows, std::size_t stride, const double* b, double* out);
  // sum[j] += sum_i c[i] z[i, j]
  void (*accumulate)(const double* z, std::size_t rows, std::size_t stride, const double* c,
                     double* sum);
  // out[j] = factor z[j], one row
  void (*scale)(const double* z, std::size_t stride, double factor, double* out);
  // gram[a, b] += sum_i c[i] z[i, a] z[i, b] for b >= a - a % kLanes; gram is stride x stride,
  // row-major. Below those blocks it is left alone.
  void (*gram)(const double* z, std::size_t rows, std::size_t stride, const double* c,
               double* gram);
};

const RowKernels& row_kernels() noexcept;

}  // namespace lmsurv
