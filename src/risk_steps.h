#pragma once

#include <Rcpp.h>

#include "core/risk_steps.hpp"

// group, time and n.risk; NULL without entry times, which is when the curve's points tell as much.
SEXP risk_steps_list(const lmsurv::Response& rows, const lmsurv::RiskOrder& order,
                     const lmsurv::Execution& execution);
