#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "linked_rows.hpp"
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

// out[i] += factor (x[i] - centre)
void add_centred(const Column& column, double centre, double factor, std::vector<double>& out);

// The columns row by row in the order of positions, each centred at its weighted mean and divided
// by its standard deviation (a constant column becomes zeros), then one column of ones if wanted,
// then zeros up to a stride that the kernels want. The column of ones makes the sum of r z carry
// the sum of r as its last element.
//
// Where the rows come in several runs (linked_rows.hpp), centre, deviation and reach are those
// within a run: only there a difference between rows means anything, and whatever is added to a
// whole run, of any size, is gone. Rows that are at risk at no event are then zeros.
class StandardDesign {
 public:
  // weight: by input row, null for 1. Throws InvalidInput for a column whose deviation is out of
  // the range in which its square and the inverse of that are numbers.
  StandardDesign(const std::vector<Column>& columns, const RiskOrder& order, const double* weight,
                 const Execution& execution);
  StandardDesign(const std::vector<Column>& columns, const std::vector<ColumnSummary>& summaries,
                 const RiskOrder& order, const double* weight, bool ones,
                 const Execution& execution);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return scale_.size(); }
  std::size_t runs() const { return linked_.runs(); }
  std::size_t stride() const { return stride_; }
  const double* data() const { return z_.get(); }
  const double* at(std::size_t position) const { return z_.get() + stride_ * position; }

  // p: what was taken from the columns of the row at a position
  const double* centre_at(std::size_t position) const {
    return centre_.data() + (runs() > 1 ? columns() * linked_.run_of(position) : 0);
  }
  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& reach() const { return reach_; }  // largest minus smallest, scaled
  // survival's `means`: weighted or plain, but 0 where every value is -1, 0 or 1.
  const std::vector<double>& weighted_means() const { return weighted_means_; }
  const std::vector<double>& plain_means() const { return plain_means_; }

 private:
  struct Free {
    void operator()(double* block) const;
  };

  struct Spread;

  void add_column(const ColumnSummary& summary);
  void centre_runs(const RiskOrder& order, const double* weight, const Execution& execution);
  void centre_run(std::size_t run, const RiskOrder& order, const double* weight, Spread& spread);
  void set_scale(const std::vector<Spread>& spreads);
  void fill(const std::vector<Column>& columns, std::size_t begin, std::size_t end,
            const std::vector<int>& position, double* rows) const;

  LinkedRows linked_;
  std::size_t rows_;
  std::size_t stride_;
  std::unique_ptr<double[], Free> z_;
  std::vector<double> centre_;  // runs x columns
  std::vector<double> scale_, reach_, weighted_means_, plain_means_;
};

}  // namespace lmsurv
