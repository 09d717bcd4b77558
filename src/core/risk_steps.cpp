#include "risk_steps.hpp"

#include <algorithm>
#include <limits>

#include "sort_values.hpp"

namespace lmsurv {

namespace {

// The rows by group, and by time within one.
struct Grouped {
  std::vector<std::size_t> begin;  // S + 1
  std::vector<double> time;
  std::vector<double> weight;
};

Grouped by_group(const Response& response, const double* value, int groups,
                 const Execution& execution) {
  const Sorted sorted = sort_values(value, response.rows, false, execution);
  const auto group = [&](std::size_t row) {
    return response.stratum ? static_cast<std::size_t>(response.stratum[row] - 1) : 0;
  };
  Grouped out;
  out.begin.assign(static_cast<std::size_t>(groups) + 1, 0);
  for (std::size_t row = 0; row < response.rows; ++row) ++out.begin[group(row) + 1];
  for (std::size_t g = 1; g < out.begin.size(); ++g) out.begin[g] += out.begin[g - 1];
  std::vector<std::size_t> next(out.begin.begin(), out.begin.end() - 1);
  out.time.resize(response.rows);
  out.weight.resize(response.rows);
  for (std::size_t i = 0; i < response.rows; ++i) {
    const std::size_t row = static_cast<std::size_t>(sorted.index[i]);
    const std::size_t to = next[group(row)]++;
    out.time[to] = sorted.value[i];
    out.weight[to] = response.weight ? response.weight[row] : 1;
  }
  return out;
}

}  // namespace

RiskSteps risk_steps(const Response& response, const Execution& execution) {
  int groups = 1;
  if (response.stratum && response.rows > 0) {
    groups = *std::max_element(response.stratum, response.stratum + response.rows);
  }
  const Grouped enter = by_group(response, response.entry, groups, execution);
  const Grouped leave = by_group(response, response.time, groups, execution);
  constexpr double never = std::numeric_limits<double>::infinity();
  RiskSteps out;
  for (std::size_t g = 0; g < static_cast<std::size_t>(groups); ++g) {
    std::size_t in = enter.begin[g], gone = leave.begin[g];
    double weight = 0;
    // Whoever leaves has entered, so those that leave are the last to be through.
    while (gone < leave.begin[g + 1]) {
      const double entry = in < enter.begin[g + 1] ? enter.time[in] : never;
      const double now = std::min(entry, leave.time[gone]);
      while (in < enter.begin[g + 1] && enter.time[in] == now) weight += enter.weight[in++];
      while (gone < leave.begin[g + 1] && leave.time[gone] == now) weight -= leave.weight[gone++];
      out.group.push_back(static_cast<int>(g) + 1);
      out.time.push_back(now);
      out.at_risk.push_back(weight);
    }
  }
  return out;
}

}  // namespace lmsurv
