#include "kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "double_double.hpp"
#include "robust_curve.hpp"
#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

// What a point adds to H and to its variance, and how H moves with the weights (CurveRows).
struct Step {
  double hazard = 0, variance = 0, jump = 0, exposure = 0;
};

Step nelson_aalen_step(double d, double n) { return {d / n, d / n / n, 1 / n, d / n / n}; }

// The deaths of one time as if they came one after the other, each of the mean weight d / m.
// rest: the weight that survives.
Step fleming_harrington_step(double d, double rest, double m) {
  Step step;
  const double mean = d / m;
  for (double left = m; left > 0; --left) {
    const double n = rest + left * mean;
    step.hazard += mean / n;
    step.variance += mean / n / n;
    step.jump += 1 / m / n + mean * (m - left) / m / n / n;
  }
  step.exposure = step.variance;
  return step;
}

class GroupCurve {
 public:
  GroupCurve(const Response& response, const CurvePoints& points, const CurveOptions& options,
             const CurveColumns& columns, int group)
      : response_(response),
        order_(points.order),
        options_(options),
        columns_(columns),
        begin_(order_.stratum_begin[group]),
        end_(order_.stratum_begin[group + 1]),
        first_(points.begin[group]),
        last_(points.begin[group + 1]) {}

  // Each part takes a few nanoseconds a row; `pause` is asked between them.
  void fit(const std::function<void()>& pause) {
    if (response_.entry) {
      find_entry_points();
      if (pause) pause();
      find_continued_rows();
      if (pause) pause();
      count_with_entry();
    } else {
      count();
    }
    if (pause) pause();
    estimate();
    if (options_.robust) set_robust_errors(pause);
  }

 private:
  double weight(int position) const {
    return response_.weight ? response_.weight[order_.row[position]] : 1;
  }
  double weights(int begin, int end) const {
    if (!response_.weight) return end - begin;
    double sum = 0;
    for (int i = begin; i < end; ++i) sum += weight(i);
    return sum;
  }
  int rows_with_weight(int begin, int end) const {
    int rows = 0;
    for (int i = begin; i < end; ++i) rows += weight(i) > 0;
    return rows;
  }

  // Calls visit(point, begin, middle, end) for each point, the latest first: deaths are the
  // positions [begin, middle), other rows [middle, end).
  template <class Visit>
  void for_each_point(const Visit& visit) const {
    std::size_t point = last_;
    for (int begin = begin_, end = begin_; begin < end_; begin = end) {
      int middle = begin;
      for (; end < end_ && order_.time[end] == order_.time[begin]; ++end) {
        middle += order_.status[end] != 0;
      }
      visit(--point, begin, middle, end);
    }
  }

  void count() {
    if (needs_rows()) event_rows_.resize(last_ - first_);
    double at_risk = 0;
    for_each_point([&](std::size_t k, int begin, int middle, int end) {
      double events = weights(begin, middle), censored = weights(middle, end);
      if (options_.reverse) std::swap(events, censored);
      at_risk += events + censored;
      columns_.time[k] = order_.time[begin];
      columns_.at_risk[k] = at_risk;
      columns_.events[k] = events;
      columns_.censored[k] = censored;
      if (needs_rows()) {
        event_rows_[k - first_] =
            options_.reverse ? rows_with_weight(middle, end) : rows_with_weight(begin, middle);
      }
    });
  }

  bool needs_rows() const {
    return options_.type == CurveType::fleming_harrington && !options_.frequency;
  }

  // First point at which each row is at risk, and the rows by it.
  void find_entry_points() {
    for_each_point(
        [&](std::size_t k, int begin, int, int) { columns_.time[k] = order_.time[begin]; });
    const double* times = columns_.time + first_;
    const std::size_t n = static_cast<std::size_t>(end_ - begin_);
    enters_.resize(n);
    enter_begin_.assign(last_ - first_ + 1, 0);
    int point = 0;
    for (std::size_t e = 0; e < n; ++e) {
      const int position = order_.by_entry[begin_ + e];
      while (times[point] <= order_.entry[position]) ++point;  // everybody leaves at a later one
      enters_[position - begin_] = point;
      ++enter_begin_[point + 1];
    }
    for (std::size_t k = 1; k < enter_begin_.size(); ++k) enter_begin_[k] += enter_begin_[k - 1];
    // Who stays longest comes first, so that large weights that leave early cover little.
    std::vector<int> next(enter_begin_);
    by_entry_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      by_entry_[next[enters_[i]]++] = begin_ + static_cast<int>(i);
    }
  }

  // A patient's rows by time: one that begins where the previous one ended carries it on.
  void find_continued_rows() {
    continued_.assign(static_cast<std::size_t>(end_ - begin_), 0);
    carries_on_ = continued_;
    if (!options_.id) return;
    std::vector<int> previous(std::size_t(options_.ids) + 1, -1);
    for (int i = end_ - 1; i >= begin_; --i) {
      int& before = previous[options_.id[order_.row[i]]];
      if (before >= 0 && order_.time[before] == order_.entry[i]) {
        continued_[before - begin_] = 1;
        carries_on_[i - begin_] = 1;
      }
      before = i;
    }
  }

  enum class End { event, censored, continued };

  End end_of(int position) const {
    const bool died = order_.status[position] != 0;
    if (!died && !continued_.empty() && continued_[position - begin_]) return End::continued;
    return died != options_.reverse ? End::event : End::censored;
  }

  // The rows of each point, as ranges of positions.
  void count_with_entry() {
    const std::size_t points = last_ - first_;
    std::vector<int> first_row(points), past_row(points);
    for_each_point([&](std::size_t k, int begin, int, int end) {
      first_row[k - first_] = begin;
      past_row[k - first_] = end;
    });
    event_rows_.assign(points, 0);
    rest_.resize(points);
    DoubleDouble at_risk;
    int rows = 0;  // with weight: the risk set of none is empty, whatever rounding left of its sum
    for (std::size_t p = 0; p < points; ++p) {
      double entered = 0;
      for (int e = enter_begin_[p]; e < enter_begin_[p + 1]; ++e) {
        const int position = by_entry_[e];
        const double w = weight(position);
        at_risk += w;
        rows += w > 0;
        if (!carries_on_[position - begin_]) entered += w;
      }
      columns_.entered[first_ + p] = entered;
      columns_.at_risk[first_ + p] = at_risk.value();
      double sums[3] = {0, 0, 0};
      DoubleDouble events, others;
      int event_rows = 0, other_rows = 0;
      for (int i = first_row[p]; i < past_row[p]; ++i) {
        const End end = end_of(i);
        const double w = weight(i);
        sums[static_cast<int>(end)] += w;
        (end == End::event ? events : others) += w;
        (end == End::event ? event_rows : other_rows) += w > 0;
      }
      columns_.events[first_ + p] = sums[0];
      columns_.censored[first_ + p] = sums[1];
      event_rows_[p] = event_rows;
      at_risk -= events;
      rows -= event_rows;
      rest_[p] = rows == 0 ? 0 : at_risk.value();
      at_risk -= others;
      rows -= other_rows;
      if (rows == 0) at_risk = 0;
    }
  }

  // The weight that survives point k.
  double rest(std::size_t k) const {
    if (!rest_.empty()) return rest_[k - first_];
    return columns_.censored[k] + (k + 1 < last_ ? columns_.at_risk[k + 1] : 0);
  }

  Step hazard_step(std::size_t k, double d, double n) const {
    if (options_.type != CurveType::fleming_harrington) return nelson_aalen_step(d, n);
    return fleming_harrington_step(d, rest(k), options_.frequency ? d : event_rows_[k - first_]);
  }

  void estimate() {
    const bool product = options_.type == CurveType::kaplan_meier;
    const std::size_t points = last_ - first_;
    if (options_.robust) {
      for (auto* part : {&hazard_.jump, &hazard_.exposure, &log_.jump, &log_.exposure}) {
        part->assign(points, 0);
      }
    }
    double survival = 1, greenwood = 0, hazard = 0, variance = 0, std_err = 0, std_hazard = 0;
    for (std::size_t k = first_; k < last_; ++k) {
      const double d = columns_.events[k];
      if (d > 0) {
        const double n = columns_.at_risk[k];
        const double left = rest(k);
        const Step step = hazard_step(k, d, n);
        hazard += step.hazard;
        variance += step.variance;
        greenwood += d / n / left;
        survival = product ? survival * (left / n) : std::exp(-hazard);
        std_hazard = std::sqrt(variance);
        std_err = product ? std::sqrt(greenwood) : std_hazard;
        if (options_.robust) {
          hazard_.jump[k - first_] = step.jump;
          hazard_.exposure[k - first_] = step.exposure;
          if (left > 0) {
            log_.jump[k - first_] = 1 / left;
            log_.exposure[k - first_] = d / n / left;
          }
        }
      }
      columns_.survival[k] = survival;
      columns_.std_err[k] = std_err;
      columns_.hazard[k] = hazard;
      columns_.std_hazard[k] = std_hazard;
    }
  }

  CurveRows curve_rows() const {
    CurveRows rows;
    rows.points = last_ - first_;
    rows.frequency = options_.frequency;
    rows.clusters = options_.clusters;
    const std::size_t n = static_cast<std::size_t>(end_ - begin_);
    int point = -1;
    for (std::size_t i = 0; i < n; ++i) {
      const int position = end_ - 1 - static_cast<int>(i);
      if (i == 0 || order_.time[position] != order_.time[position + 1]) ++point;
      rows.leaves.push_back(point);
      rows.dies.push_back(end_of(position) == End::event);
      rows.weight.push_back(weight(position));
      if (!enters_.empty()) rows.enters.push_back(enters_[position - begin_]);
      if (options_.cluster) {
        rows.cluster.push_back(options_.cluster[order_.row[position]] - 1);
      }
    }
    return rows;
  }

  void set_robust_errors(const std::function<void()>& pause) {
    const CurveRows rows = curve_rows();
    const std::vector<double> of_hazard =
        curve_variance(rows, hazard_.jump, hazard_.exposure, pause);
    const bool product = options_.type == CurveType::kaplan_meier;
    const std::vector<double> of_log =
        product ? curve_variance(rows, log_.jump, log_.exposure, pause) : of_hazard;
    for (std::size_t k = first_; k < last_; ++k) {
      columns_.std_hazard[k] = std::sqrt(of_hazard[k - first_]);
      columns_.std_err[k] = columns_.survival[k] * std::sqrt(of_log[k - first_]);
    }
  }

  struct Influence {
    std::vector<double> jump, exposure;
  };

  const Response& response_;
  const RiskOrder& order_;
  const CurveOptions& options_;
  const CurveColumns& columns_;
  const int begin_, end_;           // positions
  const std::size_t first_, last_;  // points
  std::vector<int> event_rows_;     // by point: m
  std::vector<double> rest_;        // by point, with entry times
  std::vector<int> enters_;         // by position
  std::vector<int> by_entry_, enter_begin_;
  std::vector<char> continued_, carries_on_;  // by position
  Influence hazard_, log_;
};

}  // namespace

CurvePoints find_curve_points(const Response& response, TimeOrder times,
                              const Execution& execution) {
  CurvePoints points;
  points.order = order_rows(response, std::move(times), execution);
  points.begin = std::move(points.order.stratum_times);
  return points;
}

CurvePoints find_curve_points(const Response& response, bool merge_close_times,
                              const Execution& execution) {
  return find_curve_points(response, order_times(response, merge_close_times, execution),
                           execution);
}

void fit_curves(const Response& response, const CurvePoints& points, const CurveOptions& options,
                const CurveColumns& columns) {
  const std::size_t groups = points.begin.size() - 1;
  const Execution execution =
      for_work(options.execution, response.rows, worth_a_thread::kRowsOfACurve);
  parallel_for(groups, execution, [&](std::size_t s, const std::function<void()>& pause) {
    GroupCurve(response, points, options, columns, static_cast<int>(s)).fit(pause);
  });
  const CurveView curve{points.begin.back(), columns.survival, columns.std_err, options.robust};
  curve_limits(curve, options.limits, options.z, options.execution, columns.limits);
}

}  // namespace lmsurv
