#pragma once

#include <cstddef>
#include <vector>

#include "response.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// Weights, offset and the meaning of a weight, by position.
struct RowTerms {
  std::vector<double> weight;  // empty: 1
  std::vector<double> offset;  // empty: 0
  bool frequency = false;      // a row of weight w stands for w rows of weight 1

  RowTerms(const Response& response, const RiskOrder& order, bool frequency);
  double weight_at(std::size_t position) const { return weight.empty() ? 1.0 : weight[position]; }
};

}  // namespace lmsurv
