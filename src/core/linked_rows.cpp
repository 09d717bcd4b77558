#include "linked_rows.hpp"

#include <algorithm>

namespace lmsurv {
namespace {

// Where the runs of a stratum begin. A run ends with an event at which all its rows leave.
void begin_runs(const RiskOrder& order, int stratum, std::vector<int>& begin) {
  int position = order.stratum_begin[stratum];
  if (position == order.stratum_begin[stratum + 1]) return;
  begin.push_back(position);
  if (!order.delayed_entry()) return;
  const int last = order.stratum_events[stratum + 1];
  int leave = 0;
  for (int k = order.stratum_events[stratum]; k + 1 < last; ++k) {
    for (; position < order.risk_end[k]; ++position) leave = std::max(leave, order.leave[position]);
    if (leave <= k + 1) begin.push_back(position);
  }
}

bool joins_an_event(const RiskOrder& order, std::size_t position, int stratum) {
  if (order.delayed_entry()) return order.join[position] < order.leave[position];
  const int events = order.stratum_events[stratum + 1];
  return events > order.stratum_events[stratum] && int(position) < order.risk_end[events - 1];
}

}  // namespace

std::size_t LinkedRows::run_of(std::size_t position) const {
  const auto after = std::upper_bound(begin.begin(), begin.end(), int(position));
  return std::size_t(after - begin.begin()) - 1;
}

LinkedRows link_rows(const RiskOrder& order) {
  LinkedRows linked;
  for (int s = 0; s < order.strata(); ++s) begin_runs(order, s, linked.begin);
  if (linked.begin.empty()) linked.begin.push_back(0);
  linked.begin.push_back(int(order.rows()));
  if (linked.runs() < 2) return linked;
  linked.at_risk.resize(order.rows());
  for (int s = 0; s < order.strata(); ++s) {
    for (int i = order.stratum_begin[s]; i < order.stratum_begin[s + 1]; ++i) {
      linked.at_risk[std::size_t(i)] = joins_an_event(order, std::size_t(i), s);
    }
  }
  return linked;
}

}  // namespace lmsurv
