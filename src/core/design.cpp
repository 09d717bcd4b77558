#include "design.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "row_kernels.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace lmsurv {
namespace {

struct ColumnSummary {
  double mean = 0;  // weighted, as is the deviation
  double plain_mean = 0;
  double deviation = 0;
  double smallest = 0, largest = 0;
  bool signs_only = true;  // every value is -1, 0 or 1
};

// Moments about the first value, so that a constant column has exactly no deviation.
template <class Value>
ColumnSummary summarise(std::size_t rows, const double* weight, Value value) {
  ColumnSummary s;
  if (rows == 0) return s;
  const double origin = value(0);
  s.smallest = s.largest = origin;
  double total = 0, first = 0, second = 0, plain = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = value(i);
    const double w = weight ? weight[i] : 1.0;
    const double shifted = x - origin;
    plain += shifted;
    total += w;
    first += w * shifted;
    second += w * shifted * shifted;
    s.smallest = std::min(s.smallest, x);
    s.largest = std::max(s.largest, x);
    s.signs_only = s.signs_only && (x == 0 || x == 1 || x == -1);
  }
  if (!(total > 0)) total = 1;
  const double shift = first / total;
  s.mean = origin + shift;
  s.plain_mean = origin + plain / static_cast<double>(rows);
  s.deviation = std::sqrt(std::max(0.0, second / total - shift * shift));
  return s;
}

// Calls action with a function that tells the value of column j at a row: behind the columns of the
// data stand one of ones and then zeros.
template <class Action>
void with_values(const std::vector<Column>& columns, std::size_t j, Action action) {
  if (j >= columns.size()) {
    action([value = j == columns.size() ? 1.0 : 0.0](std::size_t) { return value; });
  } else if (columns[j].number) {
    action([x = columns[j].number](std::size_t row) { return x[row]; });
  } else if (columns[j].level == 0) {
    action([x = columns[j].integer](std::size_t row) { return static_cast<double>(x[row]); });
  } else {
    action([x = columns[j].integer, level = columns[j].level](std::size_t row) {
      return x[row] == level ? 1.0 : 0.0;
    });
  }
}

// The block is written and read in an order that misses the address cache of small pages.
void advise_large_pages(void* block, std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t kPage = 4096;
  const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t begin = (from + kPage - 1) / kPage * kPage;
  if (begin < from + bytes) {
    madvise(reinterpret_cast<void*>(begin), from + bytes - begin, MADV_HUGEPAGE);
  }
#else
  static_cast<void>(block);
  static_cast<void>(bytes);
#endif
}

}  // namespace

StandardDesign::StandardDesign(const std::vector<Column>& columns, const std::vector<int>& row,
                               const double* weight, const Execution& execution)
    : rows_(row.size()),
      stride_(padded(columns.size() + 1)),
      z_(new double[rows_ * stride_]),
      centre_(columns.size()),
      scale_(columns.size()),
      reach_(columns.size()),
      weighted_means_(columns.size()),
      plain_means_(columns.size()) {
  advise_large_pages(z_.get(), rows_ * stride_ * sizeof(double));
  // Two columns at a time: each line of memory is written half as often.
  parallel_for(stride_ / 2, execution, [&](std::size_t pair) {
    const std::size_t j = 2 * pair;
    with_values(columns, j, [&](auto left) {
      with_values(columns, j + 1, [&](auto right) {
        const Scale a = measure(j, weight, left);
        const Scale b = measure(j + 1, weight, right);
        double* z = z_.get() + j;
        for (std::size_t i = 0; i < rows_; ++i, z += stride_) {
          const std::size_t from = static_cast<std::size_t>(row[i]);
          z[0] = (left(from) - a.centre) * a.unit;
          z[1] = (right(from) - b.centre) * b.unit;
        }
      });
    });
  });
}

template <class Value>
StandardDesign::Scale StandardDesign::measure(std::size_t j, const double* weight, Value value) {
  if (j >= columns()) return {0, 1};
  const ColumnSummary s = summarise(rows_, weight, value);
  const bool constant = s.smallest == s.largest;
  centre_[j] = constant ? s.smallest : s.mean;
  scale_[j] = constant || !(s.deviation > 0) ? 1.0 : s.deviation;
  reach_[j] = (s.largest - s.smallest) / scale_[j];
  weighted_means_[j] = s.signs_only ? 0.0 : s.mean;
  plain_means_[j] = s.signs_only ? 0.0 : s.plain_mean;
  return {centre_[j], 1 / scale_[j]};
}

}  // namespace lmsurv
