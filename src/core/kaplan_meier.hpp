#pragma once

#include <cstddef>
#include <vector>

#include "curve_limits.hpp"
#include "parallel.hpp"
#include "response.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// At the distinct time t of a group let n be the weight at risk, d that of the deaths among m rows.
//   kaplan_meier        S = prod (1 - d/n)      H = sum d/n   (Kaplan and Meier 1958; Nelson 1972)
//   nelson_aalen        S = exp(-H)             H = sum d/n
//   fleming_harrington  S = exp(-H)             H = sum_{k=0}^{m-1} (d/m) / (n - k d/m)
//                                               (Fleming and Harrington 1984)
enum class CurveType { kaplan_meier, nelson_aalen, fleming_harrington };

struct CurveOptions {
  CurveType type = CurveType::kaplan_meier;
  bool frequency = false;  // a weight is a number of equal rows: m counts those
  bool reverse = false;    // the censorings are the events and the deaths are censored
  bool robust = false;
  const int* cluster = nullptr;  // codes 1..clusters of rows; null: each row by itself
  int clusters = 0;
  const int* id = nullptr;  // codes 1..ids: a row that begins where another row of the same
  int ids = 0;              // patient ended did not enter, and that one was not censored
  LimitScale limits = LimitScale::log;
  double z = 1.959963984540054;
  Execution execution;
};

// The rows in order and the curve's points: one for each distinct time of a group.
struct CurvePoints {
  RiskOrder order;
  std::vector<std::size_t> begin;  // groups + 1; the points of group s are [begin[s], begin[s+1])
};

// Groups are the strata of the response. O(n), see build_risk_order().
CurvePoints find_curve_points(const Response& response, TimeOrder times,
                              const Execution& execution = Execution());
CurvePoints find_curve_points(const Response& response, bool merge_close_times,
                              const Execution& execution = Execution());

// Columns that the caller owns, a value for each point: by group, time ascending.
struct CurveColumns {
  double* time;
  double* at_risk;  // weight of the rows with entry < t <= time
  double* events;   // weights at t itself
  double* censored;
  double* entered;  // since the previous point, that point excluded; null without entry times
  double* survival;
  double* std_err;  // of log S; robust: of S itself
  double* hazard;   // H
  double* std_hazard;
  Limits limits;  // null without limits
};

// Variances without `robust`: of log S = log prod (1 - d/n) Greenwood's (1926) sum d / (n (n - d)),
// infinite once S is 0; of H, and of log S = -H, sum d/n^2 or the corresponding sum over k.
// With `robust` that of the infinitesimal jackknife over rows or clusters, see curve_variance().
// Cost: O(n), with entry times O(n log n); the same bits for any number of threads.
void fit_curves(const Response& response, const CurvePoints& points, const CurveOptions& options,
                const CurveColumns& columns);

}  // namespace lmsurv
