#pragma once

#include <Eigen/Dense>
#include <vector>

#include "design.hpp"
#include "event_terms.hpp"
#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

struct CoxOptions {
  Ties ties = Ties::efron;
  bool frequency = false;  // weights count identical rows
  bool merge_close_times = true;
  bool firth = false;        // Firth's penalty (firth.hpp), not with exact ties
  std::vector<double> init;  // empty: zeros
  std::vector<bool> held;    // p, coefficients that stay at their initial value; empty: none
  double eps = 1e-9;
  double toler_chol = 1.8e-12;
  int iter_max = 50;
  Execution execution;
};

// Input rows whose time counts as tied with an earlier one, and that time.
struct MergedTimes {
  std::vector<int> row;
  std::vector<double> time;
};

struct CoxFit {
  Eigen::VectorXd coefficients;  // p; NaN where aliased, unless no step was asked for
  Eigen::MatrixXd variance;      // p x p, inverse information; zeros where aliased or held
  Eigen::VectorXd score;         // p, at the last evaluated point
  double loglik[2] = {0, 0};     // at init and at the end, penalised if the fit is
  double score_test = 0;
  int iterations = 0;
  bool converged = false;
  std::vector<int> diverging;  // p: 0, or the sign of the infinity the coefficient runs to
  std::vector<bool> aliased;   // p
  std::vector<double> means;   // p; survival's: 0 for a column of -1, 0, 1, else the mean, weighted
                               // unless there are entry times
  std::vector<double>
      spread;  // p: the widest range among rows that risk sets link (linked_rows.hpp)
  std::vector<double> linear_predictors;  // n, input order: X b - sum(means b) + offset
  int merged_times = 0;                   // distinct times
  MergedTimes time, entry;
};

// Maximum partial likelihood, or Firth's penalised one, of the proportional hazards model.
// `response` must be finite, weights not negative, entry below time. The penalty is that of the
// given columns, in their own units, whether or not they are held. Throws InvalidInput for no rows,
// no events, a column that is not finite, weights that are not counts with exact ties, or a penalty
// with exact ties. Cost: O(n) to order, then O((n + d) p^2) for each of a few iterations (see
// cox_likelihood.hpp).
CoxFit fit_cox(const std::vector<Column>& columns, const Response& response,
               const CoxOptions& options);

}  // namespace lmsurv
