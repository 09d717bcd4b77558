#include "event_terms.hpp"

#include <algorithm>
#include <cmath>

namespace lmsurv {
namespace {

// s_j
double step_share(double share, double deaths, double j) {
  return (1 - share) + (deaths - j) / deaths * share;
}

}  // namespace

EventTerms event_terms(Ties ties, double share, double deaths, double total_weight) {
  EventTerms t{};
  if (total_weight <= 0) return t;
  if (ties != Ties::efron || deaths <= 1) {
    t.hazard = t.hazard_death = t.square = total_weight;
    return t;
  }
  const double w = total_weight / deaths;
  const auto step = [&](double j) { return step_share(share, deaths, j); };
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

CubicTerms cubic_terms(double share, double deaths, double total_weight) {
  CubicTerms t{};
  if (total_weight <= 0) return t;
  const double steps = std::max(deaths, 1.0);
  for (double j = 0; j < steps; ++j) {
    const double s = step_share(share, steps, j);
    double term = total_weight / steps / (s * s * s);
    for (double& power : t.power) {
      power += term;
      term *= (steps - j) / steps;
    }
  }
  return t;
}

}  // namespace lmsurv
