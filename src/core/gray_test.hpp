#pragma once

#include <Eigen/Dense>
#include <vector>

#include "parallel.hpp"
#include "response.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// Gray's test that the cumulative incidence of one cause is the same in all groups.
struct GrayTest {
  Eigen::VectorXd score;     // G: sum over event times of weight x (events - expected)
  Eigen::MatrixXd variance;  // G x G
  double statistic = 0;      // score' variance^- score; NaN where the variance has not rank G - 1
                             // or is none
  int df = 0;                // G - 1
};

struct GrayOptions {
  int causes = 1;  // K
  double rho = 0;  // weight (1 - F)^rho, F the incidence that the groups have in common
  Execution execution;
};

// One test for each cause, in the order of the causes. response.status is 0 (censored) or the cause
// 1..K; its strata are those of the test, whose scores and variances are summed; weights are whole
// numbers, as many equal rows. No entry times. group: n codes 1..groups, input order.
//
// Gray (1988, doi:10.1214/aos/1176350951), within a stratum. Over the
// groups r at risk, with Y_r at risk, S_r(t-) the probability of no event, F_1r the incidence of
// the cause, h_r = Y_r / S_r(t-), h = sum h_r, R_r = h_r (1 - F_1r(t-)), R = sum R_r:
//   dF = sum dN_1r / h                         incidence in common
//   score_k = sum (1 - F(t-))^rho (dN_1k - R_k / R sum dN_1r)
//   d_kr = (1 - F(t-))^rho h_r (1{k = r} - h_k / h)
//   c_kr(t) = sum of d_kr dF / (1 - F(t-)) up to t
//   a_kr = d_kr + b1_r (c_kr(end) - c_kr(t)),   b1_r = 1 - (1 - F(t)) / S_r(t),   b2_r = b1_r - 1
//   variance_kl = sum over r and t of a_kr a_lr dF / h_r u
//                 + b2_r^2 (c_kr(end) - c_kr(t)) (c_lr(end) - c_lr(t)) (S_r(t-) / Y_r)^2 dN_2r v
// where u = 1 - (D - 1) / (h S_r(t-) - 1), D = sum dN_1r, and v = 1 - (dN_2r - 1) / (Y_r - 1) are
// for tied events (1 if there is one only), chosen as in Gray's own program.
//
// Cost: O(n) after the sort and O(G^2) for each event time and cause.
std::vector<GrayTest> gray_tests(const Response& response, TimeOrder times, const int* group,
                                 int groups, const GrayOptions& options);

}  // namespace lmsurv
