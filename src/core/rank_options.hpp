#pragma once

#include "parallel.hpp"

namespace lmsurv {

// Rank tests that K groups share one hazard. At event time k of a stratum, with d_j deaths of n_j
// rows at risk in group j, D and N their sums, p_j = n_j / N and a weight v that only the past and
// the numbers at risk determine:
//   U_j = sum_k v (d_j - D p_j)
//   V   = sum_k v^2 D (N - D) / (N - 1) (diag(p) - p p'),  0 where N = 1
// (Mantel 1966; Fleming & Harrington 1991, chapter 7). Row weights make d_j and n_j sums of
// weights.
enum class TestWeight {
  logrank,            // 1
  gehan,              // N (Gehan 1965, Breslow 1970)
  tarone_ware,        // sqrt(N) (Tarone & Ware 1977)
  peto,               // prod over event times up to this one of 1 - D / (N + 1) (Peto & Peto 1972)
  modified_peto,      // that of Peto times N / (N + 1) (Andersen et al. 1982)
  fleming_harrington  // S^rho (1 - S)^gamma, S the stratum's Kaplan-Meier just before the time
};

struct RankTestOptions {
  TestWeight weight = TestWeight::logrank;
  double rho = 0, gamma = 0;  // of fleming_harrington, 0 or more
  bool merge_close_times = true;
  // The variance: V, which takes row weights for counts, or that of rank_robust.hpp.
  bool robust = false;
  bool frequency = false;        // a row of weight w stands for w rows
  const int* cluster = nullptr;  // n codes 1..clusters; null: rows
  int clusters = 0;
  Execution execution;
};

}  // namespace lmsurv
