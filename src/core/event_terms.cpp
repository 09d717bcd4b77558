#include "event_terms.hpp"

#include <cmath>

namespace lmsurv {

EventTerms event_terms(Ties ties, double s0, double d0, double deaths, double total_weight) {
  EventTerms t{};
  if (total_weight <= 0) return t;
  if (ties != Ties::efron || deaths <= 1) {
    t.log_denominator = total_weight * std::log(s0);
    t.hazard = t.hazard_death = total_weight / s0;
    t.square = t.hazard / s0;
    return t;
  }
  const double w = total_weight / deaths;
  const double survivors = s0 - d0;
  for (double j = 0; j < deaths; ++j) {
    const double f = j / deaths;
    const double rest = (deaths - j) / deaths;
    const double s = survivors + rest * d0;
    const double hazard = w / s;
    const double square = hazard / s;
    t.log_denominator += w * std::log(s);
    t.hazard += hazard;
    t.hazard_death += rest * hazard;
    t.hazard_shift += f * hazard;
    t.square += square;
    t.square_shift += f * square;
    t.square_shift2 += f * f * square;
  }
  t.mean_shift = t.square_shift / t.square;
  for (double j = 0; j < deaths; ++j) {
    const double f = j / deaths;
    const double s = survivors + (deaths - j) / deaths * d0;
    t.spread += w * (f - t.mean_shift) * (f - t.mean_shift) / (s * s);
  }
  return t;
}

}  // namespace lmsurv
