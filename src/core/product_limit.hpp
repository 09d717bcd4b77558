#pragma once

#include <cstddef>

namespace lmsurv {

// prod (1 - d/n) over the points of one curve in ascending time, and Greenwood's standard error of
// its logarithm, from counts that are made already. O(points).
void product_limit(std::size_t points, const double* at_risk, const double* events,
                   double* survival, double* std_err);

struct Area {
  double area = 0;
  double std_err = 0;
};

// The area under a curve from start to end, the curve being carried on past its last point, and its
// standard error sqrt(sum_k a_k^2 d_k / (n_k (n_k - d_k))), a_k the area from point k to the end
// (Klein and Moeschberger 2003, Survival Analysis, equation 4.5.2). O(points).
Area area_under_curve(std::size_t points, const double* time, const double* at_risk,
                      const double* events, const double* survival, double start, double end);

}  // namespace lmsurv
