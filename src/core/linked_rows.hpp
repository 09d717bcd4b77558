#pragma once

#include <cstddef>
#include <vector>

#include "risk_order.hpp"

namespace lmsurv {

// Runs of positions whose risk sets share no row with those of other runs: a stratum, or part of
// one where no row is at risk at an event of either side. What is constant within a run is nothing
// to the partial likelihood.
struct LinkedRows {
  std::vector<int> begin;              // runs + 1: positions
  std::vector<unsigned char> at_risk;  // by position: at some event; empty for a single run

  std::size_t runs() const { return begin.size() - 1; }
  std::size_t run_of(std::size_t position) const;
};

// Cost: O(n).
LinkedRows link_rows(const RiskOrder& order);

}  // namespace lmsurv
