#pragma once

#include "design.hpp"
#include "newton.hpp"
#include "parallel.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_terms.hpp"

namespace lmsurv {

// The exact partial likelihood of tied deaths (Cox 1972; computed as in Gail, Lubin & Rubinstein
// 1981, doi:10.1093/biomet/68.3.703): an event with d deaths contributes
//   prod_deaths r / e_d,   e_d = sum over subsets of d members of the risk set of prod r.
// Adds -log e_d to out.value and sets score and information: e_d is the normalising sum of a law
// over subsets, so they are the deaths' sum less the mean, and the covariance, of the sum of z over
// a random subset. Row by row, with q the chance that the new row is in a subset of size j,
//   mean_j <- (1 - q) mean_j + q (mean_{j-1} + z),
//   cov_j  <- (1 - q) cov_j + q cov_{j-1} + q (1 - q) delta delta',  delta = mean_{j-1} + z -
//   mean_j:
// nothing is subtracted but means, so the covariance stays positive semidefinite.
//
// eta: by position; without or with frequency weights; other weights are not defined here.
// Cost: O(n d p^2) for nested risk sets, d the most deaths at one time; with entry times
// O(sum over events of members d p^2).
void add_exact_ties(const RiskOrder& order, const StandardDesign& design, const RowTerms& terms,
                    const RiskSums& risk_sums, const double* eta, const Execution& execution,
                    Evaluation& out);

}  // namespace lmsurv
