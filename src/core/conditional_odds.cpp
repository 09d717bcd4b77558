#include "conditional_odds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lmsurv {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLongestStep = 2;      // beyond it the curves are far from their tangents
constexpr double kShortestStep = 1e-9;  // the next would be its square
constexpr int kMostSteps = 1000;

// The distribution at a log odds ratio, its places counted from the observed one.
struct Moments {
  double mean = 0;
  double variance = 0;
  double upper = 0;       // probability of the observed place and those above
  double upper_mean = 0;  // the mean among them
};

Moments moments(const std::vector<double>& log_density, std::size_t observed, double t) {
  const auto place = [&](std::size_t i) {
    return static_cast<double>(i) - static_cast<double>(observed);
  };
  double largest = -kInfinity;
  for (std::size_t i = 0; i < log_density.size(); ++i) {
    largest = std::max(largest, log_density[i] + t * place(i));
  }
  double all = 0, first = 0, second = 0, upper = 0, upper_first = 0;
  for (std::size_t i = 0; i < log_density.size(); ++i) {
    const double x = place(i);
    const double weight = std::exp(log_density[i] + t * x - largest);
    all += weight;
    first += weight * x;
    second += weight * x * x;
    if (i < observed) continue;
    upper += weight;
    upper_first += weight * x;
  }
  Moments out;
  out.mean = first / all;
  out.variance = second / all - out.mean * out.mean;
  out.upper = upper / all;
  out.upper_mean = upper_first / upper;
  return out;
}

// The zero of an increasing function. step(t): Newton's. A zero once enclosed stays so.
template <typename Step>
double zero_of(const Step& step, double t) {
  double low = -kInfinity, high = kInfinity;
  for (int i = 0; i < kMostSteps; ++i) {
    const double wanted = step(t);
    (wanted > 0 ? low : high) = t;
    double next = t + std::clamp(wanted, -kLongestStep, kLongestStep);
    if (next < low || next > high) next = (low + high) / 2;
    const double moved = std::abs(next - t);
    t = next;
    if (moved <= kShortestStep * std::max(1.0, std::abs(t))) break;
  }
  return t;
}

// Where the mean is at the observed place.
double estimate_of(const std::vector<double>& log_density, std::size_t observed, double start) {
  const auto step = [&](double t) {
    const Moments m = moments(log_density, observed, t);
    return -m.mean / m.variance;
  };
  return zero_of(step, start);
}

// Where the observed place and those above have the probability `tail`. Its logarithm is concave
// in t, as the density is log-concave, and nearly straight far from the estimate.
double limit_of(const std::vector<double>& log_density, std::size_t observed, double tail,
                double start) {
  const auto step = [&](double t) {
    const Moments m = moments(log_density, observed, t);
    return (std::log(tail) - std::log(m.upper)) / (m.upper_mean - m.mean);
  };
  return zero_of(step, start);
}

}  // namespace

ConditionalOdds conditional_odds(const std::vector<double>& log_density, std::size_t observed,
                                 double tail, double start) {
  const std::size_t last = log_density.size() - 1;
  ConditionalOdds out;
  out.estimate = observed == 0      ? -kInfinity
                 : observed == last ? kInfinity
                                    : estimate_of(log_density, observed, start);
  out.low = observed == 0 ? -kInfinity : limit_of(log_density, observed, tail, start);
  const std::vector<double> mirrored(log_density.rbegin(), log_density.rend());
  out.high = observed == last ? kInfinity : -limit_of(mirrored, last - observed, tail, -start);
  return out;
}

}  // namespace lmsurv
