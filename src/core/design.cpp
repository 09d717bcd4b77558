#include "design.hpp"

#include <algorithm>
#include <cmath>

#include "row_kernels.hpp"

namespace lmsurv {
namespace {

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

// Calls action with a function that tells the value at a row, of the type of the column.
template <class Action>
void with_values(const Column& column, Action action) {
  if (column.number) {
    action([x = column.number](std::size_t row) { return x[row]; });
  } else if (column.level == 0) {
    action([x = column.integer](std::size_t row) { return static_cast<double>(x[row]); });
  } else {
    action([x = column.integer, level = column.level](std::size_t row) {
      return x[row] == level ? 1.0 : 0.0;
    });
  }
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
  const std::size_t p = columns.size();
  parallel_for(p + 1, execution, [&](std::size_t j) {
    if (j == p) {
      for (std::size_t i = 0; i < rows_; ++i) {
        double* z = z_.get() + stride_ * i;
        z[p] = 1.0;
        std::fill(z + p + 1, z + stride_, 0.0);
      }
      return;
    }
    with_values(columns[j], [&](auto value) {
      set_scale(j, summarise(rows_, weight, value));
      const double centre = centre_[j];
      const double unit = 1 / scale_[j];
      double* z = z_.get() + j;
      for (std::size_t i = 0; i < rows_; ++i, z += stride_) {
        *z = (value(static_cast<std::size_t>(row[i])) - centre) * unit;
      }
    });
  });
}

void StandardDesign::set_scale(std::size_t j, const ColumnSummary& s) {
  const bool constant = s.smallest == s.largest;
  centre_[j] = constant ? s.smallest : s.mean;
  scale_[j] = constant || !(s.deviation > 0) ? 1.0 : s.deviation;
  reach_[j] = (s.largest - s.smallest) / scale_[j];
  weighted_means_[j] = s.signs_only ? 0.0 : s.mean;
  plain_means_[j] = s.signs_only ? 0.0 : s.plain_mean;
}

}  // namespace lmsurv
