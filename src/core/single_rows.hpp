#pragma once

#include "incidence_options.hpp"
#include "kaplan_meier.hpp"
#include "response.hpp"

namespace lmsurv {

// Rows without weights, entry times and clusters, each a patient by itself, and the jackknife: what
// is at risk at a time is a number of positions, so that estimates need no counts beforehand.
bool is_single_rows(const Response& response, const CumulativeIncidenceOptions& options);

// Their times, probabilities and standard errors, as of fit_incidence().
void estimate_single_rows(const CurvePoints& points, const CumulativeIncidenceOptions& options,
                          const IncidenceColumns& columns);

// The other columns. Does not throw.
void count_single_rows(const CurvePoints& points, const IncidenceColumns& columns);

}  // namespace lmsurv
