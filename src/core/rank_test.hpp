#pragma once

#include <Eigen/Dense>
#include <vector>

#include "parallel.hpp"
#include "response.hpp"

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

// A chi-squared statistic; df = 0 where nothing can be compared.
struct ChiSquared {
  double statistic = 0;
  int df = 0;
};

struct RankTest {
  Eigen::VectorXd rows, events;  // K: their numbers, whatever the weight v; patients if `frequency`
  Eigen::MatrixXd observed;      // K x strata: sum of v d_j
  Eigen::MatrixXd expected;      // K x strata: sum of v D p_j
  Eigen::VectorXd score;         // K: U, summed as it stands and not as a difference of totals
  Eigen::MatrixXd variance;      // K x K; rows sum to 0
  bool robust = false;
  ChiSquared chi_squared;
  int merged_times = 0;
};

// group: n codes 1..groups, input order.
// Cost: O(n log n + events groups^2); the squares are additions. With `robust` O(n groups^2) more.
RankTest rank_test(const Response& response, const int* group, int groups,
                   const RankTestOptions& options);

// (a'U)^2 / a'Va for one score a per group. What tells the direction is the sign of a'U.
struct TrendTest {
  double score = 0;     // a'U with the a centred at their mean over the expected deaths
  double variance = 0;  // a'Va
};
TrendTest trend_test(const RankTest& test, const std::vector<double>& scores);

// The same test of each two groups on their rows alone, in the order (1, 2), (1, 3) ... (K - 1, K).
// Close times are merged once, among all rows. Pairs are spread over threads.
// Cost: K - 1 times that of two groups.
std::vector<RankTest> pairwise_rank_tests(const Response& response, const int* group, int groups,
                                          const RankTestOptions& options);

}  // namespace lmsurv
