#pragma once

#include <Eigen/Dense>

namespace lmsurv {

// A chi-squared statistic; df = 0 where nothing can be compared.
struct ChiSquared {
  double statistic = 0;
  int df = 0;
};

// U' V^- U with V of rank_options.hpp: off its diagonal nothing is above 0, and its rows sum to 0.
// It is the Laplacian of a graph whose edges join groups that were at risk together, and is
// eliminated group by group with additions of what is 0 or more alone, so that no tolerance is
// needed. df: the groups less the connected parts of the graph. Cost O(K^3).
ChiSquared laplacian_test(const Eigen::VectorXd& score, const Eigen::MatrixXd& variance);

// U' V^- U for any symmetric V of no negative eigenvalue; df: its rank, which is judged after its
// diagonal has been scaled to 1. Cost O(K^3).
ChiSquared spectral_test(const Eigen::VectorXd& score, const Eigen::MatrixXd& variance);

}  // namespace lmsurv
