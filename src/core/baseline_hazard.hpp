#pragma once

#include <vector>

#include "design.hpp"
#include "fitted_model.hpp"
#include "row_matrix.hpp"

namespace lmsurv {

// The cumulative hazard of somebody with linear predictor 0 and covariates equal to `means`, one
// entry for each distinct time of a stratum, strata and times ascending.
struct BaselineHazard {
  std::vector<double> time;
  std::vector<int> stratum;                       // from 1
  std::vector<double> at_risk, events, censored;  // sums of weights; empty unless asked for
  std::vector<double> hazard, cumulative;
  std::vector<double> variance;  // cumulated sum w / s^2: the part that is not due to the
                                 // coefficients (Tsiatis 1981, doi:10.1214/aos/1176345511)
  RowMatrix drift;  // times x p: cumulated sum of h (m - means); with covariates x the variance of
                    // the cumulative hazard has the further part q' V q, q = cumulative (x - means)
                    // - drift
};

// columns may be empty: no drift. means: p.
// Hazard by the ties method of the model (exact: Breslow). O((n + d) p), with entry times times log
// d.
BaselineHazard baseline_hazard(const std::vector<Column>& columns, const FittedModel& model,
                               const std::vector<double>& means, bool counts = false);

}  // namespace lmsurv
