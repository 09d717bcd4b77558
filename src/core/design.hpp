#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "parallel.hpp"

namespace lmsurv {

// A column of the design, in input order and owned by the caller: numbers, or the indicator that an
// integer code equals a level.
struct Column {
  const double* number = nullptr;
  const int* integer = nullptr;
  int level = 0;  // 0: the integer itself is the value
};

struct ColumnSummary {
  double mean = 0;  // weighted, as is the deviation
  double plain_mean = 0;
  double deviation = 0;
  double smallest = 0, largest = 0;
  bool signs_only = true;  // every value is -1, 0 or 1
};

// weight: null for 1. Throws InvalidInput for a value that is not finite.
ColumnSummary summarise(const Column& column, std::size_t rows, const double* weight);

// The columns row by row in the order of positions, each centred at its weighted mean and divided
// by its standard deviation (a constant column becomes zeros), then one column of ones if wanted,
// then zeros up to a stride that the kernels want. The column of ones makes the sum of r z carry
// the sum of r as its last element.
class StandardDesign {
 public:
  // row: that at a position, a permutation.
  StandardDesign(const std::vector<Column>& columns, const std::vector<int>& row,
                 const double* weight, const Execution& execution);
  StandardDesign(const std::vector<Column>& columns, const std::vector<ColumnSummary>& summaries,
                 const std::vector<int>& row, bool ones, const Execution& execution);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return centre_.size(); }
  std::size_t stride() const { return stride_; }
  const double* data() const { return z_.get(); }
  const double* at(std::size_t position) const { return z_.get() + stride_ * position; }

  const std::vector<double>& centre() const { return centre_; }
  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& reach() const { return reach_; }  // largest minus smallest, scaled
  // survival's `means`: weighted or plain, but 0 where every value is -1, 0 or 1.
  const std::vector<double>& weighted_means() const { return weighted_means_; }
  const std::vector<double>& plain_means() const { return plain_means_; }

 private:
  struct Free {
    void operator()(double* block) const;
  };

  void add_column(const ColumnSummary& summary);
  void fill(const std::vector<Column>& columns, std::size_t begin, std::size_t end,
            const std::vector<int>& position, double* rows) const;

  std::size_t rows_;
  std::size_t stride_;
  std::unique_ptr<double[], Free> z_;
  std::vector<double> centre_, scale_, reach_, weighted_means_, plain_means_;
};

}  // namespace lmsurv
