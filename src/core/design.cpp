#include "design.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include "response.hpp"
#include "row_kernels.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace lmsurv {
namespace {

constexpr std::align_val_t kLine{64};      // of memory
constexpr std::size_t kRowsAtATime = 128;  // put together in the nearest caches
constexpr double kLeastDeviation = 1e-151;

// Calls action with a function that tells the value at a row.
template <class Action>
auto with_values(const Column& column, Action action) {
  if (column.number) return action([x = column.number](std::size_t row) { return x[row]; });
  if (column.level == 0) {
    return action([x = column.integer](std::size_t row) { return static_cast<double>(x[row]); });
  }
  return action([x = column.integer, level = column.level](std::size_t row) {
    return x[row] == level ? 1.0 : 0.0;
  });
}

// Moments about the first value, so that a constant column has exactly no deviation.
template <class Value>
ColumnSummary summarise_values(std::size_t rows, const double* weight, Value value) {
  ColumnSummary s;
  if (rows == 0) return s;
  const double origin = value(0);
  s.smallest = s.largest = origin;
  double total = 0, first = 0, second = 0, plain = 0, zero = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = value(i);
    const double w = weight ? weight[i] : 1.0;
    const double shifted = x - origin;
    zero += x * 0;
    plain += shifted;
    total += w;
    first += w * shifted;
    second += w * shifted * shifted;
    s.smallest = std::min(s.smallest, x);
    s.largest = std::max(s.largest, x);
    s.signs_only = s.signs_only && (x == 0 || x == 1 || x == -1);
  }
  if (zero != 0) throw InvalidInput("a covariate is not finite", -1);
  if (!(total > 0)) total = 1;
  const double shift = first / total;
  s.mean = origin + shift;
  s.plain_mean = origin + plain / static_cast<double>(rows);
  s.deviation = std::sqrt(std::max(0.0, second / total - shift * shift));
  return s;
}

std::vector<ColumnSummary> summarise(const std::vector<Column>& columns, std::size_t rows,
                                     const double* weight, const Execution& execution) {
  std::vector<ColumnSummary> summaries(columns.size());
  parallel_for(columns.size(), execution,
               [&](std::size_t j) { summaries[j] = summarise(columns[j], rows, weight); });
  return summaries;
}

// A column without deviation, of its rows with weight, is taken as it is.
double scale_of(double deviation, double range) {
  if (range == 0) return 1;
  const auto usual = [](double x) { return x > kLeastDeviation && x < 1 / kLeastDeviation; };
  const bool usable = usual(deviation);
  const bool unweighted = deviation == 0 && usual(range);
  if (!usable && !unweighted) throw InvalidInput("a covariate is too small or too large", -1);
  return usable ? deviation : 1;
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

void prefetch_to_write(double* row, std::size_t stride) {
#if defined(__GNUC__) || defined(__clang__)
  for (std::size_t j = 0; j < stride; j += 8) __builtin_prefetch(row + j, 1);
#else
  static_cast<void>(row);
  static_cast<void>(stride);
#endif
}

}  // namespace

ColumnSummary summarise(const Column& column, std::size_t rows, const double* weight) {
  return with_values(column, [&](auto value) { return summarise_values(rows, weight, value); });
}

void add_centred(const Column& column, double centre, double factor, std::vector<double>& out) {
  with_values(column, [&](auto value) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += factor * (value(i) - centre);
  });
}

void StandardDesign::Free::operator()(double* block) const { ::operator delete[](block, kLine); }

StandardDesign::StandardDesign(const std::vector<Column>& columns, const RiskOrder& order,
                               const double* weight, const Execution& execution)
    : StandardDesign(columns, summarise(columns, order.rows(), weight, execution), order, weight,
                     true, execution) {}

// By blocks of input rows: each column is read in its own order, and each line of memory is
// written once.
StandardDesign::StandardDesign(const std::vector<Column>& columns,
                               const std::vector<ColumnSummary>& summaries, const RiskOrder& order,
                               const double* weight, bool ones, const Execution& execution)
    : linked_(link_rows(order)),
      rows_(order.rows()),
      stride_(padded(std::max<std::size_t>(1, columns.size() + ones))) {
  const std::size_t bytes = rows_ * stride_ * sizeof(double);
  z_.reset(static_cast<double*>(::operator new[](bytes, kLine)));
  advise_large_pages(z_.get(), bytes);
  for (const ColumnSummary& summary : summaries) add_column(summary);
  std::vector<int> position(rows_);
  for (std::size_t i = 0; i < rows_; ++i) {
    position[static_cast<std::size_t>(order.row[i])] = static_cast<int>(i);
  }
  const std::size_t parts = std::min<std::size_t>(64, rows_ / kRowsAtATime + 1);
  parallel_for(parts, execution, [&](std::size_t part) {
    std::vector<double> block(kRowsAtATime * stride_);
    for (std::size_t i = columns.size(); ones && i < block.size(); i += stride_) block[i] = 1;
    const std::size_t last = rows_ * (part + 1) / parts;
    for (std::size_t begin = rows_ * part / parts; begin < last; begin += kRowsAtATime) {
      fill(columns, begin, std::min(last, begin + kRowsAtATime), position, block.data());
    }
  });
  if (runs() > 1) centre_runs(order, weight, execution);
}

// What the rows at risk of some runs add up to: weight, and by column the weighted sum of squares
// about the centre of the run, and the widest range.
struct StandardDesign::Spread {
  double weight = 0;
  std::vector<double> squares, reach;
  std::vector<double> mean, low, high;  // of the run at hand

  explicit Spread(std::size_t p) : squares(p), reach(p), mean(p), low(p), high(p) {}
};

void StandardDesign::centre_runs(const RiskOrder& order, const double* weight,
                                 const Execution& execution) {
  centre_.assign(columns() * runs(), 0.0);
  const std::size_t parts = std::min<std::size_t>(64, runs());
  std::vector<Spread> spreads(parts, Spread(columns()));
  const auto for_part = [&](std::size_t part, const auto& action) {
    for (std::size_t run = runs() * part / parts; run < runs() * (part + 1) / parts; ++run) {
      action(run);
    }
  };
  parallel_for(parts, execution, [&](std::size_t part) {
    for_part(part, [&](std::size_t run) { centre_run(run, order, weight, spreads[part]); });
  });
  set_scale(spreads);
  std::vector<double> unit(stride_, 1.0);
  for (std::size_t j = 0; j < columns(); ++j) unit[j] = 1 / scale_[j];
  parallel_for(parts, execution, [&](std::size_t part) {
    for_part(part, [&](std::size_t run) {
      for (double* z = z_.get() + stride_ * std::size_t(linked_.begin[run]);
           z < z_.get() + stride_ * std::size_t(linked_.begin[run + 1]); z += stride_) {
        for (std::size_t j = 0; j < stride_; ++j) z[j] *= unit[j];
      }
    });
  });
}

// Moments about the first row at risk, as in summarise_values().
void StandardDesign::centre_run(std::size_t run, const RiskOrder& order, const double* weight,
                                Spread& spread) {
  const std::size_t p = columns();
  const std::size_t begin = std::size_t(linked_.begin[run]);
  const std::size_t end = std::size_t(linked_.begin[run + 1]);
  std::size_t first = begin;
  while (first < end && !linked_.at_risk[first]) ++first;
  double* centre = centre_.data() + p * run;
  if (first < end) std::copy(at(first), at(first) + p, centre);
  double total = 0;
  auto &mean = spread.mean, &low = spread.low, &high = spread.high;
  for (auto* of_run : {&mean, &low, &high}) of_run->assign(p, 0.0);
  for (std::size_t i = begin; i < end; ++i) {
    double* z = z_.get() + stride_ * i;
    if (!linked_.at_risk[i]) {
      std::fill(z, z + p, 0.0);
      continue;
    }
    const double w = weight ? weight[order.row[i]] : 1.0;
    total += w;
    for (std::size_t j = 0; j < p; ++j) {
      z[j] -= centre[j];
      mean[j] += w * z[j];
      low[j] = std::min(low[j], z[j]);
      high[j] = std::max(high[j], z[j]);
    }
  }
  for (std::size_t j = 0; j < p; ++j) {
    mean[j] = total > 0 ? mean[j] / total : 0;
    centre[j] += mean[j];
    spread.reach[j] = std::max(spread.reach[j], high[j] - low[j]);
  }
  spread.weight += total;
  for (std::size_t i = begin; i < end; ++i) {
    if (!linked_.at_risk[i]) continue;
    double* z = z_.get() + stride_ * i;
    const double w = weight ? weight[order.row[i]] : 1.0;
    for (std::size_t j = 0; j < p; ++j) {
      z[j] -= mean[j];
      spread.squares[j] += w * z[j] * z[j];
    }
  }
}

void StandardDesign::set_scale(const std::vector<Spread>& spreads) {
  Spread all = spreads[0];
  for (std::size_t part = 1; part < spreads.size(); ++part) {
    all.weight += spreads[part].weight;
    for (std::size_t j = 0; j < columns(); ++j) {
      all.squares[j] += spreads[part].squares[j];
      all.reach[j] = std::max(all.reach[j], spreads[part].reach[j]);
    }
  }
  for (std::size_t j = 0; j < columns(); ++j) {
    const double deviation = all.weight > 0 ? std::sqrt(all.squares[j] / all.weight) : 0;
    scale_[j] = scale_of(deviation, all.reach[j]);
    reach_[j] = all.reach[j] / scale_[j];
  }
}

// Puts the input rows [begin, end) at their positions, by way of `block` (kRowsAtATime x stride),
// in which the columns behind those of the data stand already.
void StandardDesign::fill(const std::vector<Column>& columns, std::size_t begin, std::size_t end,
                          const std::vector<int>& position, double* block) const {
  const auto target = [&](std::size_t i) {
    return z_.get() + stride_ * static_cast<std::size_t>(position[i]);
  };
  for (std::size_t i = begin; i < end; ++i) prefetch_to_write(target(i), stride_);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    with_values(columns[j], [&](auto value) {
      const double centre = centre_[j];
      const double unit = 1 / scale_[j];
      double* z = block + j;
      for (std::size_t i = begin; i < end; ++i, z += stride_) *z = (value(i) - centre) * unit;
    });
  }
  for (std::size_t i = begin; i < end; ++i, block += stride_) {
    std::copy(block, block + stride_, target(i));
  }
}

void StandardDesign::add_column(const ColumnSummary& s) {
  const bool constant = s.smallest == s.largest;
  const bool single = runs() == 1;
  const double scale = single ? scale_of(s.deviation, s.largest - s.smallest) : 1.0;
  centre_.push_back(!single ? 0.0 : constant ? s.smallest : s.mean);
  scale_.push_back(scale);
  reach_.push_back((s.largest - s.smallest) / scale);
  weighted_means_.push_back(s.signs_only ? 0.0 : s.mean);
  plain_means_.push_back(s.signs_only ? 0.0 : s.plain_mean);
}

}  // namespace lmsurv
