#pragma once

#include <vector>

#include "parallel.hpp"

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

}  // namespace lmsurv
