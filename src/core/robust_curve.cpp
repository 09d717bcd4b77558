#include "robust_curve.hpp"

#include <algorithm>

#include "double_double.hpp"
#include "parallel.hpp"

namespace lmsurv {
namespace {

// Rows at risk have U = -w g, rows that have left keep what they had then.
std::vector<double> variance_of_lone_rows(const CurveRows& rows, const std::vector<double>& jump,
                                          const std::vector<double>& exposure) {
  const auto square = [&](std::size_t i) {
    return rows.frequency ? rows.weight[i] : rows.weight[i] * rows.weight[i];
  };
  std::vector<double> still(rows.points + 1,
                            0);  // sum of squares of those that leave at k or later
  for (std::size_t i = rows.leaves.size(); i-- > 0;) still[rows.leaves[i]] += square(i);
  for (std::size_t k = rows.points; k-- > 0;) still[k] += still[k + 1];
  std::vector<double> variance(rows.points);
  double g = 0, gone = 0;
  std::size_t row = 0;
  for (std::size_t k = 0; k < rows.points; ++k) {
    g += exposure[k];
    for (; row < rows.leaves.size() && std::size_t(rows.leaves[row]) == k; ++row) {
      const double u = (rows.dies[row] ? jump[k] : 0) - g;
      gone += square(row) * u * u;
    }
    variance[k] = gone + still[k + 1] * g * g;
  }
  return variance;
}

class ClusterSums {
 public:
  explicit ClusterSums(std::size_t clusters) : gathered_(clusters), at_risk_(clusters) {}

  void change(int c, const DoubleDouble& gathers, const DoubleDouble& joins, double copies) {
    count(c, -copies);
    gathered_[c] += gathers;
    at_risk_[c] += joins;
    count(c, copies);
  }
  double variance(const DoubleDouble& g) const {
    const DoubleDouble sum = aa_ - (aw_ + aw_) * g + ww_ * (g * g);
    return std::max(0.0, sum.value());
  }

 private:
  void count(int c, double times) {
    const DoubleDouble a = gathered_[c], w = at_risk_[c];
    aa_ += a * a * times;
    aw_ += a * w * times;
    ww_ += w * w * times;
  }

  std::vector<DoubleDouble> gathered_, at_risk_;
  DoubleDouble aa_, aw_, ww_;
};

std::vector<int> order_by_entry(const CurveRows& rows, std::vector<int>& begin) {
  const std::size_t n = rows.leaves.size();
  begin.assign(rows.points + 2, 0);
  const auto enters = [&](std::size_t i) { return rows.enters.empty() ? 0 : rows.enters[i]; };
  for (std::size_t i = 0; i < n; ++i) ++begin[enters(i) + 1];
  for (std::size_t k = 0; k <= rows.points; ++k) begin[k + 1] += begin[k];
  std::vector<int> next(begin), order(n);
  for (std::size_t i = 0; i < n; ++i) order[next[enters(i)]++] = static_cast<int>(i);
  return order;
}

std::vector<double> variance_of_clusters(const CurveRows& rows, const std::vector<double>& jump,
                                         const std::vector<double>& exposure,
                                         const std::function<void()>& pause) {
  Pacer pacer(pause);
  const bool lone = rows.cluster.empty();
  std::vector<int> begin;
  const std::vector<int> by_entry = order_by_entry(rows, begin);
  ClusterSums sums(lone ? rows.leaves.size() : std::size_t(rows.clusters));
  std::vector<double> variance(rows.points);
  DoubleDouble g;
  // A row of frequency w is w clusters of weight 1.
  const bool copied = lone && rows.frequency;
  const auto weight = [&](std::size_t i) { return copied ? 1 : rows.weight[i]; };
  const auto copies = [&](std::size_t i) { return copied ? rows.weight[i] : 1; };
  const auto cluster = [&](std::size_t i) { return lone ? static_cast<int>(i) : rows.cluster[i]; };
  std::size_t row = 0;
  for (std::size_t k = 0; k < rows.points; ++k) {
    const std::size_t left = row;
    for (int e = begin[k]; e < begin[k + 1]; ++e) {
      const std::size_t i = std::size_t(by_entry[e]);
      sums.change(cluster(i), g * weight(i), weight(i), copies(i));
    }
    g += exposure[k];
    for (; row < rows.leaves.size() && std::size_t(rows.leaves[row]) == k; ++row) {
      const DoubleDouble u = DoubleDouble(rows.dies[row] ? jump[k] : 0) - g;
      sums.change(cluster(row), u * weight(row), -weight(row), copies(row));
    }
    variance[k] = sums.variance(g);
    pacer.work(10 * double(row - left + 1));
  }
  return variance;
}

}  // namespace

std::vector<double> curve_variance(const CurveRows& rows, const std::vector<double>& jump,
                                   const std::vector<double>& exposure,
                                   const std::function<void()>& pause) {
  const bool simple = rows.cluster.empty() && rows.enters.empty();
  return simple ? variance_of_lone_rows(rows, jump, exposure)
                : variance_of_clusters(rows, jump, exposure, pause);
}

}  // namespace lmsurv
