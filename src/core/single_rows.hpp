#pragma once

#include "incidence_options.hpp"
#include "kaplan_meier.hpp"
#include "response.hpp"

namespace lmsurv {

// Rows without weights, entry times and clusters, each a patient by itself, and the jackknife: what
// is at risk at a time is a number of positions, so that estimates need no counts beforehand.
bool is_single_rows(const Response& response, const CumulativeIncidenceOptions& options);

// As fit_incidence(), for such rows.
void fit_single_rows(const CurvePoints& points, const CumulativeIncidenceOptions& options,
                     const IncidenceColumns& columns);

}  // namespace lmsurv
