#pragma once

#include <vector>

#include "parallel.hpp"
#include "response.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// Who is at risk between two times of a curve, which entries change too: for each group (stratum),
// one after the other, the distinct times at which somebody enters or leaves, ascending, and the
// weight at risk just after each.
struct RiskSteps {
  std::vector<int> group;  // 1..S
  std::vector<double> time;
  std::vector<double> at_risk;
};

// order: that of the response, with entry times. O(n).
RiskSteps risk_steps(const Response& response, const RiskOrder& order,
                     const Execution& execution = Execution());

}  // namespace lmsurv
