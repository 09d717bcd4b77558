#pragma once

#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// Harrell's concordance between a risk score and survival (Harrell, Lee & Mark 1996). Pairs are two
// rows of one stratum of which one dies while the other is at risk (a row censored at that very
// time is at risk); the pair is concordant when the one who dies has the higher score. Counts are
// sums of products of weights.
struct Concordance {
  double concordant = 0;
  double discordant = 0;
  double tied_score = 0;
  double tied_time = 0;  // two deaths at one time, scores that differ
  double tied_both = 0;
  double index = 0;           // (concordant + tied_score / 2) / pairs not tied in time
  double standard_error = 0;  // infinitesimal jackknife over rows or clusters
};

struct ConcordanceOptions {
  bool frequency = false;  // a row of weight w stands for w rows
  bool merge_close_times = true;
  const int* cluster = nullptr;  // n codes 1..clusters: their influence is summed; null: rows
  int clusters = 0;
  Execution execution;
};

// score: n, input order. Cost: O(n log n).
Concordance concordance(const Response& response, const double* score,
                        const ConcordanceOptions& options);

}  // namespace lmsurv
