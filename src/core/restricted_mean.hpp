#pragma once

#include <vector>

#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// The area under the Kaplan-Meier curve from 0 to tau of each stratum, and what lies above it. With
// the events t_k, of which d_k of n_k at risk die, S(t) = prod over t_k <= t of 1 - d_k / n_k and
// A(t) the area from t to tau,
//   mean = A(0), lost = tau - A(0) as a sum of its own,
//   variance = sum over t_k < tau of A(t_k)^2 d_k / (n_k (n_k - d_k)),
// Greenwood's (Uno et al. 2014, doi:10.1200/JCO.2014.55.2208). An event at which all die leaves no
// area behind it and adds nothing to the variance.
struct RestrictedMean {
  std::vector<double> mean, variance, lost;  // by stratum
  std::vector<double> survival;              // S(tau); beyond the last time S stays as it is there
  std::vector<double> rows, events;          // weights: of all rows, and of the deaths up to tau
};

// Weights are frequencies: whole numbers, so that those who enter and leave are counted exactly.
// Times must be 0 or more (entry times may be negative), tau positive. Cost: O(n) after the sort.
RestrictedMean restricted_mean(const Response& response, double tau, bool merge_close_times,
                               const Execution& execution = Execution());

}  // namespace lmsurv
