#pragma once

#include <vector>

#include "kaplan_meier.hpp"
#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// How the variance of a cumulative incidence is estimated.
enum class IncidenceVariance {
  jackknife,  // infinitesimal jackknife: the sum over rows or clusters of squared influences
  aalen       // Aalen (1978), with the multinomial correction for tied events
};

struct CumulativeIncidenceOptions {
  int causes = 1;                // K
  bool frequency = false;        // a row (or cluster) of weight w stands for w of them
  const int* cluster = nullptr;  // n codes 1..clusters; null: each row stands for itself
  int clusters = 0;
  IncidenceVariance variance = IncidenceVariance::jackknife;
  Execution execution;
};

// Columns that the caller owns, a value for each point of the curves.
struct IncidenceColumns {
  double *time, *at_risk;
  double* censored;                  // zeros when they are handed over, as
  std::vector<double*> events;       // K are
  std::vector<double*> hazard;       // K: cumulative cause-specific hazards
  std::vector<double*> probability;  // K + 1: no event, then each cause
  std::vector<double*> std_err;      // K + 1: of the probabilities; aalen: that of no event is
                                     //   Greenwood's
};

// Aalen-Johansen curves of each stratum of the response; points: of find_curve_points().
// response.status is 0 (censored) or the cause, 1..K. With n(t) the weight at risk at t, d_k(t)
// that of the events of cause k and d(t) their sum,
//   S(t) = prod (1 - d / n),   F_k(t) = sum S(u-) d_k(u) / n(u)   over event times u <= t.
// (Aalen & Johansen 1978). Jackknife: row i of weight w has on F_k the
// influence w dF_k/dw; with `frequency` w copies of a row have that of weight 1.
// Aalen: only without clusters, and with weights only if they are frequencies.
//
// Cost: O(n K), whatever the number of times; memory O((n + T) K). The same bits for any number of
// threads.
void fit_incidence(const Response& response, const CurvePoints& points,
                   const CumulativeIncidenceOptions& options, const IncidenceColumns& columns);

}  // namespace lmsurv
