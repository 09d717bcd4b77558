#pragma once

#include "risk_order.hpp"
#include "row_terms.hpp"

namespace lmsurv {

// Number and weight of the deaths of an event, and the sum of r over them.
struct Deaths {
  double count;  // with frequency weights, the rows they stand for
  double weight;
  double risk;
};

// r: by position, read for the deaths alone.
Deaths deaths_at(const RiskOrder& order, const RowTerms& terms, const double* r, int event);

}  // namespace lmsurv
