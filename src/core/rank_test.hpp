#pragma once

#include <Eigen/Dense>
#include <vector>

#include "rank_options.hpp"
#include "rank_statistic.hpp"
#include "response.hpp"

namespace lmsurv {

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
