#include "event_terms.hpp"

#include <cmath>

namespace lmsurv {

EventTerms event_terms(Ties ties, double share, double deaths, double total_weight) {
  EventTerms t{};
  if (total_weight <= 0) return t;
  if (ties != Ties::efron || deaths <= 1) {
    t.hazard = t.hazard_death = t.square = total_weight;
    return t;
  }
  const double w = total_weight / deaths;
  const auto step = [&](double j) { return (1 - share) + (deaths - j) / deaths * share; };
  for (double j = 0; j < deaths; ++j) {
    const double f = j / deaths;
    const double s = step(j);
    const double hazard = w / s;
    const double square = hazard / s;
    t.log_denominator += w * std::log(s);
    t.hazard += hazard;
    t.hazard_death += (deaths - j) / deaths * hazard;
    t.hazard_shift += f * hazard;
    t.square += square;
    t.square_shift += f * square;
    t.square_shift2 += f * f * square;
  }
  t.mean_shift = t.square_shift / t.square;
  for (double j = 0; j < deaths; ++j) {
    const double distance = j / deaths - t.mean_shift;
    t.spread += w * distance * distance / (step(j) * step(j));
  }
  return t;
}

}  // namespace lmsurv
