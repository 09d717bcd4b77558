#include "product_limit.hpp"

#include <algorithm>
#include <cmath>

namespace lmsurv {

void product_limit(std::size_t points, const double* at_risk, const double* events,
                   double* survival, double* std_err) {
  double product = 1, greenwood = 0;
  for (std::size_t k = 0; k < points; ++k) {
    if (events[k] > 0) {
      const double rest = std::max(0.0, at_risk[k] - events[k]);
      product *= rest / at_risk[k];
      greenwood += events[k] / at_risk[k] / rest;
    }
    survival[k] = product;
    std_err[k] = std::sqrt(greenwood);
  }
}

Area area_under_curve(std::size_t points, const double* time, const double* at_risk,
                      const double* events, const double* survival, double start, double end) {
  double area = 0, variance = 0, later = end;
  for (std::size_t k = points; k-- > 0;) {
    if (time[k] >= end) continue;
    area += survival[k] * (later - time[k]);
    later = time[k];
    const double rest = at_risk[k] - events[k];
    if (events[k] > 0 && rest > 0) variance += area * area * events[k] / at_risk[k] / rest;
  }
  return {area + (later - start), std::sqrt(variance)};
}

}  // namespace lmsurv
