#pragma once

#include "event_terms.hpp"
#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// What residuals, hazards and tests of a model are computed from besides the design: the response
// and the fit.
struct FittedModel {
  Response response;
  const double* linear_predictors;  // n, input order
  Ties ties = Ties::efron;          // for exact: Breslow's hazard
  bool frequency = false;
  bool merge_close_times = true;
  Execution execution;
};

}  // namespace lmsurv
