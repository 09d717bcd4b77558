#include "risk_steps.hpp"

#include <algorithm>
#include <limits>

#include "compensated_sum.hpp"
#include "fresh_memory.hpp"

namespace lmsurv {

RiskSteps risk_steps(const Response& response, const RiskOrder& order, const Execution& execution) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const auto weight = [&](int position) {
    return response.weight ? response.weight[order.row[position]] : 1;
  };
  Pacer pacer(execution.interrupt);
  RiskSteps out;
  reserve_fresh(out.group, 2 * order.rows(), execution);
  reserve_fresh(out.time, 2 * order.rows(), execution);
  reserve_fresh(out.at_risk, 2 * order.rows(), execution);
  for (int s = 0; s < order.strata(); ++s) {
    const int begin = order.stratum_begin[s], end = order.stratum_begin[s + 1];
    const auto entry_of = [&](int e) { return e < end ? order.entry[order.by_entry[e]] : never; };
    int in = begin, gone = end - 1;
    double entry = entry_of(in);
    CompensatedSum at_risk;
    int rows = 0;  // those of them with a weight
    const auto change = [&](int position, int sign) {
      at_risk.add(sign * weight(position));
      if (weight(position) > 0) rows += sign;
    };
    // Whoever leaves has entered, so those that leave are the last to be through.
    while (gone >= begin) {
      const double now = std::min(entry, order.time[gone]);
      for (; entry == now; entry = entry_of(++in)) change(order.by_entry[in], 1);
      for (; gone >= begin && order.time[gone] == now; --gone) change(gone, -1);
      if (rows == 0) at_risk.reset();
      pacer.work(16);  // of rows that lie anywhere in memory
      out.group.push_back(s + 1);
      out.time.push_back(now);
      out.at_risk.push_back(at_risk.value());
    }
  }
  return out;
}

}  // namespace lmsurv
