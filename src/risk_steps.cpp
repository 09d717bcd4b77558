#include "risk_steps.h"

#include <algorithm>

#include "long_vector.h"

SEXP risk_steps_list(const lmsurv::Response& rows, const lmsurv::RiskOrder& order,
                     const lmsurv::Execution& execution) {
  if (!rows.entry) return R_NilValue;
  const lmsurv::RiskSteps steps = lmsurv::risk_steps(rows, order, execution);
  Columns columns(2, steps.time.size());
  std::copy(steps.time.begin(), steps.time.end(), columns.begin(0));
  std::copy(steps.at_risk.begin(), steps.at_risk.end(), columns.begin(1));
  return Rcpp::List::create(Rcpp::_["group"] = steps.group, Rcpp::_["time"] = columns.vector(0),
                            Rcpp::_["n.risk"] = columns.vector(1));
}
