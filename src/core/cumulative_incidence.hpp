#pragma once

#include <vector>

#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// How the variance of a cumulative incidence is estimated.
enum class IncidenceVariance {
  jackknife,  // infinitesimal jackknife: the sum over rows or clusters of squared influences
  aalen       // Aalen (1978), with the multinomial correction for tied events
};

struct CumulativeIncidenceOptions {
  int causes = 1;          // K
  bool frequency = false;  // a row (or cluster) of weight w stands for w of them
  bool merge_close_times = true;
  const int* cluster = nullptr;  // n codes 1..clusters; null: each row stands for itself
  int clusters = 0;
  IncidenceVariance variance = IncidenceVariance::jackknife;
  Execution execution;
};

// Aalen-Johansen curves, one for each stratum of the response. Steps are the distinct exit times of
// a curve, ascending; those of curve s are [begin[s], begin[s + 1]).
struct CumulativeIncidence {
  std::vector<int> begin;                        // S + 1
  std::vector<double> time, at_risk, censored;   // T
  std::vector<std::vector<double>> events;       // K x T
  std::vector<std::vector<double>> hazard;       // K x T: cumulative cause-specific hazards
  std::vector<std::vector<double>> probability;  // (K + 1) x T: no event, then each cause
  std::vector<std::vector<double>> variance;     // (K + 1) x T; aalen: that of no event is
                                                 //   Greenwood's
};

// response.status is 0 (censored) or the cause, 1..K. With n(t) the weight at risk at t, d_k(t)
// that of the events of cause k and d(t) their sum,
//   S(t) = prod (1 - d / n),   F_k(t) = sum S(u-) d_k(u) / n(u)   over event times u <= t.
// (Aalen & Johansen 1978). Jackknife: row i of weight w has on F_k the
// influence w dF_k/dw; with `frequency` w copies of a row have that of weight 1.
// Aalen: only without clusters, and with weights only if they are frequencies.
//
// Cost: O(n K) after the sort, whatever the number of times; memory O((n + T) K).
CumulativeIncidence cumulative_incidence(const Response& response,
                                         const CumulativeIncidenceOptions& options);

}  // namespace lmsurv
