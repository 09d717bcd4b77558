#pragma once

#include <Eigen/Dense>
#include <vector>

#include "design.hpp"
#include "fitted_model.hpp"

namespace lmsurv {

// What the score test of proportional hazards needs (Grambsch & Therneau 1994,
// doi:10.1093/biomet/81.3.515): the model with the columns x and x g(t) added, at the fitted
// coefficients of x and 0 for those of x g(t). With V_k the variance of x over the risk set of
// event k, summed over the steps of tied deaths as in event_terms.hpp,
//   score = sum over deaths of w g (x - mean of x over the risk set),
//   information = sum_k V_k,  cross = sum_k g_k V_k,  square = sum_k g_k^2 V_k.
struct TimeScore {
  Eigen::VectorXd score;                       // p
  Eigen::MatrixXd information, cross, square;  // p x p
};

// g: n, input order, the transformed time, equal for rows of equal time; only its values at events
// are read. Columns must vary. Cost: that of one evaluation of the likelihood with three times its
// O(n p^2) part.
TimeScore time_score(const std::vector<Column>& columns, const FittedModel& model, const double* g);

}  // namespace lmsurv
