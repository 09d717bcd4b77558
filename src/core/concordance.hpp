#pragma once

#include <limits>
#include <vector>

#include "parallel.hpp"
#include "response.hpp"

namespace lmsurv {

// Harrell's concordance between a risk score and survival (Harrell, Lee & Mark 1996). Pairs are two
// rows of one stratum of which one dies while the other is at risk (a row censored at that very
// time is at risk); the pair is concordant when the one who dies has the higher score. Counts are
// sums of products of weights.
struct Pairs {
  double concordant = 0;
  double discordant = 0;
  double tied_score = 0;
  double tied_time = 0;  // two deaths at one time, scores that differ
  double tied_both = 0;

  double comparable() const { return concordant + discordant + tied_score; }
};

// One death, as its rank among those at risk.
struct DeathRank {
  double time = 0;
  double rank = 0;         // (weight at risk of lower - of higher scores) / weight at risk
  double time_weight = 0;  // weight at risk * weight of the pairs at this time
  double weight = 0;       // of the row
  int stratum = 0;         // from 1
};

struct Concordance : Pairs {
  double index = 0;           // (concordant + tied_score / 2) / pairs not tied in time
  double standard_error = 0;  // infinitesimal jackknife over rows or clusters
  double null_variance = 0;   // of the index, were the score of no use (that of the Cox score test)
  std::vector<Pairs> strata;  // the counts of each
  // With `details` only:
  std::vector<Pairs> rows;        // n, input order: the pairs of each row, by the weight of the
                                  // other row
  std::vector<double> influence;  // n, input order: of the index on the weight of a row
  std::vector<DeathRank> ranks;   // by stratum, then time ascending
};

// What the pairs of a death at time t weigh besides the weights of their rows, within a stratum of
// total weight W: with the Kaplan-Meier estimates S(t-) of survival and G(t-) of being uncensored
// (censoring after deaths of the same time), and n(t) the weight at risk at t,
//   equal                1                  (Harrell; weight n at a time)
//   survival             W S / n            (as in the test of Peto & Peto)
//   survival_uncensored  W S / (G n)        (Schemper, Wakounig & Heinze 2009,
//                                           doi:10.1002/sim.3623)
//   uncensored_squared   1 / G^2            (Uno et al. 2011, doi:10.1002/sim.4154)
//   one_time             1 / n              (each time counts the same; as the log-rank test)
// In a stratum with a single death all are 1.
enum class PairWeight { equal, survival, survival_uncensored, uncensored_squared, one_time };

struct ConcordanceOptions {
  bool frequency = false;  // a row of weight w stands for w rows
  bool merge_close_times = true;
  const int* cluster = nullptr;  // n codes 1..clusters: their influence is summed; null: rows
  int clusters = 0;
  Execution execution;
  PairWeight pair_weight = PairWeight::equal;
  double last = std::numeric_limits<double>::infinity();  // deaths after it do not count
  bool details = false;
};

// score: n, input order. Cost: O(n log n). Weights with G are for data without entry times.
Concordance concordance(const Response& response, const double* score,
                        const ConcordanceOptions& options);

}  // namespace lmsurv
