#pragma once

#include <cstddef>
#include <vector>

namespace lmsurv {

// Log odds ratios; a limit or estimate at an end of the distribution is infinite.
struct ConditionalOdds {
  double estimate = 0;
  double low = 0;
  double high = 0;
};

// The odds ratio of a 2 x 2 table given its margins (Cornfield 1956, Third Berkeley Symposium,
// vol. 4, 135-148): with a log odds ratio t, P(first cell = a) is proportional to
// exp(log_density[a] + t a). The estimate makes the mean of the cell the observed one; the limits
// give the observed and what lies beyond it the probability `tail`.
//
// log_density: of the first cell at an odds ratio of 1, at consecutive places, concave. observed:
// index of the observed place. start: a log odds ratio near the estimate.
ConditionalOdds conditional_odds(const std::vector<double>& log_density, std::size_t observed,
                                 double tail, double start);

}  // namespace lmsurv
