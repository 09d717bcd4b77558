#pragma once

#include "incidence_options.hpp"
#include "kaplan_meier.hpp"
#include "response.hpp"

namespace lmsurv {

// Aalen-Johansen curves of each stratum of the response; points: of find_curve_points().
// response.status is 0 (censored) or the cause, 1..K. With n(t) the weight at risk at t, d_k(t)
// that of the events of cause k and d(t) their sum,
//   S(t) = prod (1 - d / n),   F_k(t) = sum S(u-) d_k(u) / n(u)   over event times u <= t.
// (Aalen & Johansen 1978). Jackknife: row i of weight w has on F_k the
// influence w dF_k/dw; with `frequency` w copies of a row have that of weight 1.
// Aalen: only without clusters, and with weights only if they are frequencies.
//
// Cost: O(n K), whatever the number of times; memory O((n + T) K). The same bits for any number of
// threads.
void fit_incidence(const Response& response, const CurvePoints& points,
                   const CumulativeIncidenceOptions& options, const IncidenceColumns& columns);

}  // namespace lmsurv
