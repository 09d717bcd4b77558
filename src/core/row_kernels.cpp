#include "row_kernels.hpp"

#include <algorithm>
#include <utility>

// Vectors of four doubles in the compilers' own vector extension (GCC, Clang): the compiler lowers
// them to what the target has.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define LMSURV_AVX2 __attribute__((target("avx2,fma")))
#endif
#define LMSURV_INLINE inline __attribute__((always_inline))

namespace lmsurv {
namespace {

typedef double Lanes __attribute__((vector_size(32)));

constexpr std::size_t kTile = 64;         // rows whose products with their weights are kept at hand
constexpr std::size_t kTileColumns = 32;  // and their columns: a 16 kB buffer

// Four doubles in memory. The alignment belongs to this type: a reference to Lanes itself would
// promise that of the vector.
struct __attribute__((packed, aligned(8), may_alias)) Stored {
  Lanes lanes;
};
LMSURV_INLINE const Stored& at(const double* p) { return *reinterpret_cast<const Stored*>(p); }
LMSURV_INLINE Stored& at(double* p) { return *reinterpret_cast<Stored*>(p); }

LMSURV_INLINE void dot_body(const double* z, std::size_t rows, std::size_t stride, const double* b,
                            double* out) {
  for (std::size_t i = 0; i < rows; ++i, z += stride) {
    Lanes sum = {0, 0, 0, 0};
    for (std::size_t j = 0; j < stride; j += kLanes) sum += at(z + j).lanes * at(b + j).lanes;
    out[i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
}

template <std::size_t... kColumn>
LMSURV_INLINE void accumulate_narrow(const double* z, std::size_t rows, const double* c,
                                     double* sum, std::index_sequence<kColumn...>) {
  constexpr std::size_t stride = kLanes * sizeof...(kColumn);
  Lanes total[] = {at(sum + kLanes * kColumn).lanes...};
  for (std::size_t i = 0; i < rows; ++i, z += stride) {
    const Lanes weight = {c[i], c[i], c[i], c[i]};
    ((total[kColumn] += weight * at(z + kLanes * kColumn).lanes), ...);
  }
  ((at(sum + kLanes * kColumn).lanes = total[kColumn]), ...);
}

// The sum stays in registers while it fits.
LMSURV_INLINE void accumulate_body(const double* z, std::size_t rows, std::size_t stride,
                                   const double* c, double* sum) {
  switch (stride / kLanes) {
    case 1:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<1>());
    case 2:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<2>());
    case 3:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<3>());
    case 4:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<4>());
    case 5:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<5>());
    case 6:
      return accumulate_narrow(z, rows, c, sum, std::make_index_sequence<6>());
  }
  for (std::size_t i = 0; i < rows; ++i, z += stride) {
    const Lanes weight = {c[i], c[i], c[i], c[i]};
    for (std::size_t j = 0; j < stride; j += kLanes) at(sum + j).lanes += weight * at(z + j).lanes;
  }
}

LMSURV_INLINE void scale_body(const double* z, std::size_t stride, double factor, double* out) {
  const Lanes weight = {factor, factor, factor, factor};
  for (std::size_t j = 0; j < stride; j += kLanes) at(out + j).lanes = weight * at(z + j).lanes;
}

template <std::size_t... kColumn>
LMSURV_INLINE void add_outer_row(Lanes* sum, double left, const double* right,
                                 std::index_sequence<kColumn...>) {
  const Lanes factor = {left, left, left, left};
  ((sum[kColumn] += factor * at(right + kLanes * kColumn).lanes), ...);
}

template <std::size_t... kColumn>
LMSURV_INLINE void add_lanes(double* to, const Lanes* sum, std::index_sequence<kColumn...>) {
  ((at(to + kLanes * kColumn).lanes += sum[kColumn]), ...);
}

// Four rows of the result, kWidth vectors of its columns. `left` holds c[i] z[i, .] for the tile,
// kTileColumns apart. The loops over the block are unrolled by hand, so that it stays in registers.
template <std::size_t kWidth>
LMSURV_INLINE void gram_block(const double* left, const double* right, std::size_t rows,
                              std::size_t stride, double* gram) {
  constexpr std::make_index_sequence<kWidth> columns{};
  Lanes row0[kWidth] = {}, row1[kWidth] = {}, row2[kWidth] = {}, row3[kWidth] = {};
  for (std::size_t i = 0; i < rows; ++i, left += kTileColumns, right += stride) {
    add_outer_row(row0, left[0], right, columns);
    add_outer_row(row1, left[1], right, columns);
    add_outer_row(row2, left[2], right, columns);
    add_outer_row(row3, left[3], right, columns);
  }
  add_lanes(gram, row0, columns);
  add_lanes(gram + stride, row1, columns);
  add_lanes(gram + 2 * stride, row2, columns);
  add_lanes(gram + 3 * stride, row3, columns);
}

LMSURV_INLINE void gram_tile(const double* z, std::size_t rows, std::size_t stride, const double* c,
                             double* gram) {
  double left[kTile * kTileColumns];
  for (std::size_t begin = 0; begin < stride; begin += kTileColumns) {
    const std::size_t width = std::min(kTileColumns, stride - begin);
    for (std::size_t i = 0; i < rows; ++i) {
      const Lanes weight = {c[i], c[i], c[i], c[i]};
      for (std::size_t j = 0; j < width; j += kLanes) {
        at(left + kTileColumns * i + j).lanes = weight * at(z + stride * i + begin + j).lanes;
      }
    }
    for (std::size_t a = begin; a < begin + width; a += kLanes) {
      double* target = gram + stride * a;
      std::size_t b = a;
      for (; b + 3 * kLanes <= stride; b += 3 * kLanes) {
        gram_block<3>(left + (a - begin), z + b, rows, stride, target + b);
      }
      if (b + 2 * kLanes <= stride) {
        gram_block<2>(left + (a - begin), z + b, rows, stride, target + b);
      } else if (b < stride) {
        gram_block<1>(left + (a - begin), z + b, rows, stride, target + b);
      }
    }
  }
}

LMSURV_INLINE void gram_body(const double* z, std::size_t rows, std::size_t stride, const double* c,
                             double* gram) {
  for (std::size_t i = 0; i < rows; i += kTile) {
    gram_tile(z + stride * i, std::min(kTile, rows - i), stride, c + i, gram);
  }
}

void dot_baseline(const double* z, std::size_t rows, std::size_t stride, const double* b,
                  double* out) {
  dot_body(z, rows, stride, b, out);
}
void accumulate_baseline(const double* z, std::size_t rows, std::size_t stride, const double* c,
                         double* sum) {
  accumulate_body(z, rows, stride, c, sum);
}
void gram_baseline(const double* z, std::size_t rows, std::size_t stride, const double* c,
                   double* gram) {
  gram_body(z, rows, stride, c, gram);
}
void scale_baseline(const double* z, std::size_t stride, double factor, double* out) {
  scale_body(z, stride, factor, out);
}
constexpr RowKernels kBaseline = {dot_baseline, accumulate_baseline, scale_baseline, gram_baseline};

#ifdef LMSURV_AVX2
LMSURV_AVX2 void dot_avx2(const double* z, std::size_t rows, std::size_t stride, const double* b,
                          double* out) {
  dot_body(z, rows, stride, b, out);
}
LMSURV_AVX2 void accumulate_avx2(const double* z, std::size_t rows, std::size_t stride,
                                 const double* c, double* sum) {
  accumulate_body(z, rows, stride, c, sum);
}
LMSURV_AVX2 void gram_avx2(const double* z, std::size_t rows, std::size_t stride, const double* c,
                           double* gram) {
  gram_body(z, rows, stride, c, gram);
}
LMSURV_AVX2 void scale_avx2(const double* z, std::size_t stride, double factor, double* out) {
  scale_body(z, stride, factor, out);
}
constexpr RowKernels kAvx2 = {dot_avx2, accumulate_avx2, scale_avx2, gram_avx2};
#endif

}  // namespace

const RowKernels& row_kernels() noexcept {
#ifdef LMSURV_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kAvx2;
#endif
  return kBaseline;
}

}  // namespace lmsurv
