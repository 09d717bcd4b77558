#include "curve_limits.hpp"

#include <algorithm>
#include <cmath>

namespace lmsurv {
namespace {

struct Interval {
  double lower, upper;
};

// s in (0, 1] and the standard error of log s.
Interval plain_interval(double s, double se, double z) {
  const double reach = z * se * s;
  return {std::max(0.0, s - reach), std::min(1.0, s + reach)};
}

Interval log_interval(double s, double se, double z) {
  const double ratio = std::exp(-z * se);
  return {s * ratio, std::min(1.0, s / ratio)};
}

// The standard error of log(-log s) is se / |log s|.
Interval log_log_interval(double s, double se, double z) {
  const double log_s = std::log(s);
  const double ratio = std::exp(-z * se / log_s);
  return {std::exp(log_s * ratio), std::exp(log_s / ratio)};
}

// That of log(s / (1 - s)) is se / (1 - s).
Interval logit_interval(double s, double se, double z) {
  const double odds = (1 - s) / s;
  const double ratio = std::exp(z * se / (1 - s));
  return {1 / (1 + odds * ratio), 1 / (1 + odds / ratio)};
}

// That of asin(sqrt(s)) is se sqrt(s / (1 - s)) / 2.
Interval arcsine_interval(double s, double se, double z) {
  const double right_angle = std::acos(0.0);
  const double angle = std::asin(std::sqrt(s));
  const double reach = z * se * std::sqrt(s / (1 - s)) / 2;
  const double lower = std::sin(std::max(0.0, angle - reach));
  const double upper = std::sin(std::min(right_angle, angle + reach));
  return {lower * lower, upper * upper};
}

// The limits where the interval is not defined.
struct Ends {
  double at_zero, at_one;
  bool defined_at_one;
};

template <class Rule>
void apply_rule(const CurveView& curve, std::size_t begin, std::size_t end, const Ends& ends,
                const Rule& rule, const Limits& limits) {
  for (std::size_t k = begin; k < end; ++k) {
    const double s = curve.survival[k];
    const double se = curve.std_err[k];
    if (k > begin && s == curve.survival[k - 1] && se == curve.std_err[k - 1]) {
      limits.lower[k] = limits.lower[k - 1];
      limits.upper[k] = limits.upper[k - 1];
    } else if (s <= 0) {
      limits.lower[k] = limits.upper[k] = ends.at_zero;
    } else if (s >= 1 && !ends.defined_at_one) {
      limits.lower[k] = limits.upper[k] = ends.at_one;
    } else {
      const Interval interval = rule(s, curve.se_of_survival ? se / s : se);
      limits.lower[k] = interval.lower;
      limits.upper[k] = interval.upper;
    }
  }
}

constexpr std::size_t kChunk = 1 << 14;

}  // namespace

void curve_limits(const CurveView& curve, LimitScale scale, double z, const Execution& execution,
                  const Limits& limits) {
  Ends ends{limits.missing, limits.missing, scale == LimitScale::plain || scale == LimitScale::log};
  if (curve.incidence && scale == LimitScale::plain) ends.at_zero = 0;
  if (curve.incidence && scale == LimitScale::arcsine) ends.at_one = 1;
  const auto run = [&](auto interval) {
    const auto rule = [&](double s, double se) { return interval(s, se, z); };
    parallel_for((curve.points + kChunk - 1) / kChunk, execution, [&](std::size_t chunk) {
      const std::size_t begin = chunk * kChunk;
      const std::size_t end = std::min(begin + kChunk, curve.points);
      apply_rule(curve, begin, end, ends, rule, limits);
    });
  };
  switch (scale) {
    case LimitScale::none:
      return;
    case LimitScale::plain:
      return run(plain_interval);
    case LimitScale::log:
      return run(log_interval);
    case LimitScale::log_log:
      return run(log_log_interval);
    case LimitScale::logit:
      return run(logit_interval);
    case LimitScale::arcsine:
      return run(arcsine_interval);
  }
}

double falls_to(const double* time, const double* y, std::size_t points, double level,
                double tolerance, FlatStep flat) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  std::size_t k = 0;
  while (k < points && !(y[k] <= level + tolerance)) ++k;
  if (k == points) return none;
  if (flat == FlatStep::first || y[k] < level - tolerance) return time[k];
  std::size_t end = k + 1;
  while (end < points && y[end] >= level - tolerance) ++end;
  if (end == points) end = points - 1;
  return time[k] + (time[end] - time[k]) / 2;
}

}  // namespace lmsurv
