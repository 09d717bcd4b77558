#pragma once

#include <cstddef>
#include <limits>

#include "parallel.hpp"

namespace lmsurv {

// The scale g on which the interval of S is symmetric, g(S) -+ z se(g(S)).
enum class LimitScale { none, plain, log, log_log, logit, arcsine };

// A curve of m points: S and its standard error, of log S or of S itself.
struct CurveView {
  std::size_t points = 0;
  const double* survival = nullptr;
  const double* std_err = nullptr;
  bool se_of_survival = false;
  bool incidence = false;  // probabilities that begin with 0 and may reach 1
};

struct Limits {
  double* lower = nullptr;
  double* upper = nullptr;
  double missing = std::numeric_limits<double>::quiet_NaN();
};

// Pointwise limits within [0, 1]; missing where S is 0 and, on the scales log_log, logit and
// arcsine, where S is 1. Those of an incidence of 0 on the plain scale and of 1 on that of the
// arcsine are 0 and 1. O(m).
void curve_limits(const CurveView& curve, LimitScale scale, double z, const Execution& execution,
                  const Limits& limits);

// On a step that is flat at the level: the middle of its two ends, or its beginning.
enum class FlatStep { midpoint, first };

// The time at which y first falls to the level, NaN if it never does. Values within `tolerance` of
// the level are at it; NaN among y are no level. A step at the level that y does not leave any more
// ends with the last value. O(m).
double falls_to(const double* time, const double* y, std::size_t points, double level,
                double tolerance, FlatStep flat);

}  // namespace lmsurv
