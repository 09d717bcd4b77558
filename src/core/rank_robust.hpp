#pragma once

#include <Eigen/Dense>
#include <vector>

#include "rank_events.hpp"
#include "rank_options.hpp"

namespace lmsurv {

// The sum over clusters of r r', r being the weighted sum of its rows' contributions to U. The row
// of group g with w its weight contributes
//   w ( v_k (e_g - p_k) if it dies at k  -  sum over events k at which it is at risk of
//                                           v_k D_k / N_k (e_g - p_k) ),
// the score residual of the Cox model of the groups at 0 with Breslow ties, times v (Lin & Wei
// 1989). U is the sum of them all.
// weight: v by event. K x K. Cost: O(n K^2), with entry times O(n K log events) more.
Eigen::MatrixXd robust_variance(const RankEvents& events, const RankTestOptions& options,
                                const std::vector<double>& weight);

}  // namespace lmsurv
