#pragma once

#include <Eigen/Dense>
#include <optional>

#include "cox_likelihood.hpp"
#include "curvature.hpp"
#include "newton.hpp"
#include "parallel.hpp"

namespace lmsurv {

// Firth's penalty of the Cox partial likelihood, 1/2 log det I(beta), I the information of all
// columns that are not aliased at zero coefficients without offset (Firth 1993,
// doi:10.1093/biomet/80.1.27; Heinze & Schemper 2001, doi:10.1111/j.0006-341X.2001.00114.x).
// Efron's or Breslow's ties.
//
// Half its gradient's trace term, t_l = trace(A dI / dbeta_l) with A the inverse of I, is by rows
// and by events, without an array in three dimensions: with r_i = w_i exp(eta_i), q_i = z_i' A z_i,
// H_i the hazard that row i has lived through, L_i the sum of hazard times risk-set mean that it
// has, and m_j the risk-set mean at step j of weight w of an event (event_terms.hpp),
//   t = sum_i r_i [q_i (z_i H_i - L_i) - 2 z_i (z_i' A L_i)] + 2 sum_k sum_j w m_j (m_j' A m_j).
class FirthPenalty {
 public:
  // As in NewtonOptions; both must outlive this object.
  FirthPenalty(CoxLikelihood& likelihood, const NewtonOptions& options, const Execution& execution);

  // Adds the penalty to value and score of an evaluation at beta. Where the information has lost
  // rank the value becomes minus infinity. Cost: O((n + d) p^2).
  void add_to(const Eigen::VectorXd& beta, Evaluation& evaluation);

 private:
  CoxLikelihood& likelihood_;
  const NewtonOptions& options_;
  const Execution& execution_;
  std::optional<Curvature> information_;
};

}  // namespace lmsurv
