#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace lmsurv {

// One group's rows, those that leave first coming first, and how the estimate (a sum of increments
// over the points) depends on their weights: at a point k, a row at risk with weight w moves it by
//   w (jump[k] [the row dies at k] - exposure[k]).
struct CurveRows {
  std::size_t points = 0;
  std::vector<int> enters;  // first point at which the row is at risk; empty: 0
  std::vector<int> leaves;  // last point at which it is; ascending
  std::vector<char> dies;   // there
  std::vector<double> weight;
  std::vector<int> cluster;  // codes from 0; empty: each row by itself
  int clusters = 0;
  bool frequency = false;  // without clusters, weight w stands for w rows of weight 1
};

// The infinitesimal jackknife variance sum_c U_c(t)^2 at every point, where U_c adds up what the
// rows of cluster c move (Efron 1981, doi:10.1093/biomet/68.3.589).
// With g(t) the sum of the exposures up to t, W_c the weight of c at risk after t and a_c what its
// rows have gathered, U_c = a_c - W_c g(t): a_c and W_c change only when one of its rows enters or
// leaves. So the variance is sum a_c^2 - 2 g sum a_c W_c + g^2 sum W_c^2, three sums that change in
// O(1) with each row. They are kept in double-double, as these terms may cancel; where rows stand
// by themselves and are at risk from the beginning the middle one is 0, the last is a sum over the
// rows still there, and nothing is taken away.
// pause: asks whether to go on. Cost: O(rows + points + clusters).
std::vector<double> curve_variance(const CurveRows& rows, const std::vector<double>& jump,
                                   const std::vector<double>& exposure,
                                   const std::function<void()>& pause = nullptr);

}  // namespace lmsurv
