#pragma once

// Newton's method and the cost of a Cox model of p coefficients, for both calibrations.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "anneal.hpp"

namespace anneal {

template <int p>
struct Fit {
  std::array<double, p> b{}, se{};
};

// h = L L' in the lower triangle; false if it is not positive definite.
template <int p>
bool cholesky(double (*h)[p]) {
  for (int j = 0; j < p; ++j) {
    for (int k = 0; k < j; ++k) h[j][j] -= h[j][k] * h[j][k];
    if (!(h[j][j] > 1e-7)) return false;
    h[j][j] = std::sqrt(h[j][j]);
    for (int i = j + 1; i < p; ++i) {
      for (int k = 0; k < j; ++k) h[i][j] -= h[i][k] * h[j][k];
      h[i][j] /= h[j][j];
    }
  }
  return true;
}

// L L' x = x
template <int p>
void solve(double (*h)[p], double* x) {
  for (int j = 0; j < p; ++j) {
    for (int k = 0; k < j; ++k) x[j] -= h[j][k] * x[k];
    x[j] /= h[j][j];
  }
  for (int j = p - 1; j >= 0; --j) {
    for (int k = j + 1; k < p; ++k) x[j] -= h[k][j] * x[k];
    x[j] /= h[j][j];
  }
}

// se_j = length of column j of the inverse of L.
template <int p>
void standard_errors(double (*h)[p], std::array<double, p>& se) {
  for (int j = 0; j < p; ++j) {
    double x[p], sum = 0;
    for (int i = j; i < p; ++i) {
      x[i] = i == j ? 1 : 0;
      for (int k = j; k < i; ++k) x[i] -= h[i][k] * x[k];
      x[i] /= h[i][i];
      sum += x[i] * x[i];
    }
    se[j] = std::sqrt(sum);
  }
}

// Newton from fit.b; false where it does not settle, a coefficient runs away, or after the first
// step `promising`, asked with the fit so far, says no. derivatives(b, u, h) gives score and
// information, lower triangle.
template <int p, class Derivatives, class Promising>
bool newton(Fit<p>& fit, double eps, Derivatives derivatives, Promising promising) {
  double u[p], h[p][p];
  for (int iteration = 0; iteration < 12; ++iteration) {
    derivatives(fit.b, u, h);
    if (!cholesky<p>(h)) return false;
    solve<p>(h, u);
    double longest = 0;
    for (int j = 0; j < p; ++j) longest = std::max(longest, std::fabs(u[j]));
    const double step = longest > 2 ? 2 / longest : 1;
    for (int j = 0; j < p; ++j) {
      fit.b[j] += step * u[j];
      if (std::fabs(fit.b[j]) > 12) return false;
    }
    if (iteration == 0 || longest < eps) standard_errors<p>(h, fit.se);
    if (longest < eps) return true;
    if (iteration == 0 && !promising(fit)) return false;
  }
  return false;
}

// Four windows for each coefficient: itself, its 95% limits, |z|.
template <int p>
struct Ratios {
  const std::vector<Window>& windows;

  static std::array<double, 4> numbers(const Fit<p>& fit, int j) {
    const double reach = 1.959963984540054 * fit.se[j];
    return {fit.b[j], fit.b[j] - reach, fit.b[j] + reach, std::fabs(fit.b[j] / fit.se[j])};
  }
  double cost(const Fit<p>& fit, double softness, double limit) const {
    double sum = 0;
    for (int j = 0; j < p && sum <= limit; ++j) {
      const auto x = numbers(fit, j);
      for (int k = 0; k < 4; ++k) sum += windows[4 * j + k].cost(x[k], softness);
    }
    return sum;
  }
  // A ratio or limit that is off by 10% counts three times.
  int misses(const Fit<p>& fit) const {
    int count = 0;
    for (int j = 0; j < p; ++j) {
      const auto x = numbers(fit, j);
      for (int k = 0; k < 4; ++k) {
        const double off = windows[4 * j + k].outside(x[k]);
        count += (off > 0) + 2 * (k < 3 && off > 0.08);
      }
    }
    return count;
  }
};

// What is kept while annealing: fewest misses, then least cost.
template <class State>
struct Best {
  State state;
  int misses = 1000;
  double cost = 1e9;

  void offer(const State& other, int other_misses, double other_cost) {
    if (other_misses > misses || (other_misses == misses && other_cost >= cost)) return;
    state = other;
    misses = other_misses;
    cost = other_cost;
  }
};

// From one value to another in equal ratios.
class Falling {
 public:
  Falling(double from, double to, int stages)
      : value_(from), factor_(exp_portable(log_portable(to / from) / stages)) {}
  double value() const { return value_; }
  void next() { value_ *= factor_; }

 private:
  double value_, factor_;
};

}  // namespace anneal
