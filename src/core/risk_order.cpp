#include "risk_order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "fresh_memory.hpp"

namespace lmsurv {
namespace {

// Replaces each value of an ascending sequence by the largest cut not above it.
template <class Iterator>
void snap_to_cuts(Iterator first, Iterator last, const std::vector<double>& cuts) {
  std::size_t cut = 0;
  for (; first != last; ++first) {
    while (cut + 1 < cuts.size() && cuts[cut + 1] <= *first) ++cut;
    *first = cuts[cut];
  }
}

// Visits the distinct values of time (descending) and entry (ascending) in ascending order.
template <class Visit>
void for_each_distinct(const std::vector<double>& time, const std::vector<double>& entry,
                       const Visit& visit) {
  auto t = time.rbegin();
  auto e = entry.begin();
  while (t != time.rend() || e != entry.end()) {
    const double y = e == entry.end() || (t != time.rend() && *t <= *e) ? *t : *e;
    while (t != time.rend() && *t == y) ++t;
    while (e != entry.end() && *e == y) ++e;
    visit(y);
  }
}

// Which neighbours among ascending distinct times count as tied.
class CloseTimes {
 public:
  CloseTimes(const std::vector<double>& time, const std::vector<double>& entry) {
    std::size_t distinct = 0;
    double before = -std::numeric_limits<double>::infinity();
    for_each_distinct(time, entry, [&](double y) {
      scale_ += std::fabs(y);
      least_gap_ = std::min(least_gap_, y - std::exchange(before, y));
      ++distinct;
    });
    scale_ /= static_cast<double>(distinct);
  }
  bool operator()(double earlier, double later) const { return close(later - earlier); }
  bool any() const { return close(least_gap_); }

 private:
  bool close(double gap) const { return gap <= tolerance_ || gap / scale_ <= tolerance_; }

  const double tolerance_ = std::sqrt(std::numeric_limits<double>::epsilon());
  double scale_ = 0, least_gap_ = std::numeric_limits<double>::infinity();
};

// time: descending; entry: ascending, may be empty. Returns how many distinct times were merged.
int merge_close(std::vector<double>& time, std::vector<double>& entry) {
  const CloseTimes close(time, entry);
  if (!close.any()) return 0;
  int merged = 0;
  std::vector<double> cuts;
  double before = -std::numeric_limits<double>::infinity();
  for_each_distinct(time, entry, [&](double y) {
    if (close(std::exchange(before, y), y)) {
      ++merged;
    } else {
      cuts.push_back(y);
    }
  });
  snap_to_cuts(time.rbegin(), time.rend(), cuts);
  snap_to_cuts(entry.begin(), entry.end(), cuts);
  return merged;
}

void check_intervals(const TimeOrder& order) {
  std::vector<double> entry(order.entry.index.size());
  for (std::size_t i = 0; i < entry.size(); ++i) entry[order.entry.index[i]] = order.entry.value[i];
  for (std::size_t i = 0; i < order.time.index.size(); ++i) {
    const int row = order.time.index[i];
    if (entry[row] >= order.time.value[i]) {
      throw InvalidInput("entry and exit are closer than times that count as tied", row);
    }
  }
}

std::vector<int> count_strata(const Response& response) {
  if (!response.stratum) return {0, static_cast<int>(response.rows)};
  const int strata = response.rows == 0
                         ? 0
                         : *std::max_element(response.stratum, response.stratum + response.rows);
  std::vector<int> begin(static_cast<std::size_t>(strata) + 1, 0);
  for (std::size_t i = 0; i < response.rows; ++i) ++begin[response.stratum[i]];
  for (int s = 0; s < strata; ++s) begin[s + 1] += begin[s];
  return begin;
}

// Rows (with their values) ordered by stratum, keeping their order within each.
void group_by_stratum(const Response& response, const std::vector<int>& begin,
                      const Execution& execution, Sorted& sorted) {
  if (!response.stratum) return;
  std::vector<int> next(begin);
  const bool labels = !sorted.label.empty();
  Sorted grouped{fresh_zeros<int>(response.rows, execution),
                 fresh_zeros<double>(response.rows, execution),
                 fresh_zeros<int>(sorted.label.size(), execution)};
  for (std::size_t i = 0; i < response.rows; ++i) {
    const int place = next[response.stratum[sorted.index[i]] - 1]++;
    grouped.index[place] = sorted.index[i];
    grouped.value[place] = sorted.value[i];
    if (labels) grouped.label[place] = sorted.label[i];
  }
  sorted = std::move(grouped);
}

// Orders the rows of one time; returns the number of deaths among them.
int deaths_first(const Response& response, RiskOrder& order, int begin, int end) {
  if (end - begin == 1) return order.status[begin] != 0;
  const auto first = order.row.begin() + begin;
  const auto is_death = [&](int r) { return response.status[r] != 0; };
  const auto middle = std::stable_partition(first, order.row.begin() + end, is_death);
  for (int i = begin; i < end; ++i) order.status[i] = response.status[order.row[i]];
  return static_cast<int>(middle - first);
}

// Calls visit(begin, deaths, end) for each time of a stratum, the latest first: its rows have the
// positions from `begin` to `end`, the first of them deaths.
template <class Visit>
void for_each_time(const Response& response, RiskOrder& order, int stratum, const Visit& visit) {
  const int last = order.stratum_begin[stratum + 1];
  for (int begin = order.stratum_begin[stratum], end = begin; begin < last; begin = end) {
    while (end < last && order.time[end] == order.time[begin]) ++end;
    visit(begin, deaths_first(response, order, begin, end), end);
  }
}

void find_times(const Response& response, RiskOrder& order) {
  std::size_t times = 0;
  for (int s = 0; s < order.strata(); ++s) {
    order.stratum_times.push_back(times);
    for_each_time(response, order, s, [&](int, int, int) { ++times; });
  }
  order.stratum_times.push_back(times);
}

void find_events(const Response& response, const Execution& execution, RiskOrder& order) {
  for (auto* of_event : {&order.death_begin, &order.death_end, &order.risk_end}) {
    reserve_fresh(*of_event, response.rows, execution);
  }
  std::size_t times = 0;
  for (int s = 0; s < order.strata(); ++s) {
    order.stratum_times.push_back(times);
    order.stratum_events.push_back(order.events());
    for_each_time(response, order, s, [&](int begin, int deaths, int end) {
      ++times;
      if (deaths == 0) return;
      order.death_begin.push_back(begin);
      order.death_end.push_back(begin + deaths);
      order.risk_end.push_back(end);
    });
  }
  order.stratum_times.push_back(times);
  order.stratum_events.push_back(order.events());
}

// entry: by stratum, ascending.
void place_entries(const Sorted& entry, const Execution& execution, RiskOrder& order) {
  std::vector<int> position = fresh_zeros<int>(order.rows(), execution);
  for (std::size_t i = 0; i < order.rows(); ++i) position[order.row[i]] = static_cast<int>(i);
  order.entry = fresh_zeros<double>(order.rows(), execution);
  order.by_entry = fresh_zeros<int>(order.rows(), execution);
  for (std::size_t i = 0; i < order.rows(); ++i) {
    const int p = position[entry.index[i]];
    order.by_entry[i] = p;
    order.entry[p] = entry.value[i];
  }
}

void find_joins(const Execution& execution, RiskOrder& order) {
  order.join = fresh_zeros<int>(order.rows(), execution);
  for (int s = 0; s < order.strata(); ++s) {
    int event = order.stratum_events[s];
    for (int i = order.stratum_begin[s]; i < order.stratum_begin[s + 1]; ++i) {
      while (event < order.stratum_events[s + 1] && order.risk_end[event] <= i) ++event;
      order.join[i] = event;
    }
  }
}

void find_leaves(const Execution& execution, RiskOrder& order) {
  order.leave = fresh_zeros<int>(order.rows(), execution);
  order.leave_begin.assign(static_cast<std::size_t>(order.events()) + 1, 0);
  reserve_fresh(order.leaving, order.rows(), execution);
  for (int s = 0; s < order.strata(); ++s) {
    int event = order.stratum_events[s];
    for (int i = order.stratum_begin[s + 1] - 1; i >= order.stratum_begin[s]; --i) {
      const int p = order.by_entry[i];
      while (event < order.stratum_events[s + 1] &&
             order.time[order.death_begin[event]] > order.entry[p]) {
        ++event;
      }
      order.leave[p] = event;
      if (order.join[p] < event) {
        order.leaving.push_back(p);
        ++order.leave_begin[event];
      }
    }
  }
  for (int k = 0; k < order.events(); ++k) order.leave_begin[k + 1] += order.leave_begin[k];
}

// Positions by stratum and time; what is tied still stands in the order of the rows.
RiskOrder place_rows(const Response& response, TimeOrder& times, const Execution& execution) {
  RiskOrder order;
  order.with_entry = response.entry != nullptr;
  order.merged_times = times.merged;
  execution.pause();
  order.stratum_begin = count_strata(response);
  group_by_stratum(response, order.stratum_begin, execution, times.time);
  execution.pause();
  if (response.entry) group_by_stratum(response, order.stratum_begin, execution, times.entry);
  order.row = std::move(times.time.index);
  order.time = std::move(times.time.value);
  order.status = std::move(times.time.label);
  return order;
}

}  // namespace

std::vector<double> by_position(const double* values, const RiskOrder& order) {
  if (!values) return {};
  std::vector<double> out(order.rows());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[order.row[i]];
  return out;
}

TimeOrder order_times(const Response& response, bool merge_close_times,
                      const Execution& execution) {
  TimeOrder order;
  order.time = sort_values(response.time, response.rows, true, execution, response.status);
  if (response.entry) order.entry = sort_values(response.entry, response.rows, false, execution);
  execution.pause();
  if (merge_close_times && response.rows > 0) {
    order.merged = merge_close(order.time.value, order.entry.value);
    if (order.merged > 0 && response.entry) check_intervals(order);
  }
  return order;
}

RiskOrder order_rows(const Response& response, TimeOrder times, const Execution& execution) {
  RiskOrder order = place_rows(response, times, execution);
  execution.pause();
  find_times(response, order);
  execution.pause();
  if (order.with_entry) place_entries(times.entry, execution, order);
  return order;
}

RiskOrder build_risk_order(const Response& response, TimeOrder times, const Execution& execution) {
  RiskOrder order = place_rows(response, times, execution);
  execution.pause();
  find_events(response, execution, order);
  execution.pause();
  if (order.with_entry) {
    place_entries(times.entry, execution, order);
    execution.pause();
    find_joins(execution, order);
    execution.pause();
    find_leaves(execution, order);
  }
  return order;
}

RiskOrder build_risk_order(const Response& response, bool merge_close_times,
                           const Execution& execution) {
  return build_risk_order(response, order_times(response, merge_close_times, execution), execution);
}

}  // namespace lmsurv
