#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "oracle.hpp"

// Firth's penalised log likelihood by its definition.
namespace oracle {

// Of a symmetric matrix, by elimination; NaN when it is not positive definite but for rounding.
inline Real log_determinant(Matrix a) {
  const Matrix whole = a;
  Real total = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (!(a[j][j] > 1e-14L * whole[j][j])) return std::numeric_limits<Real>::quiet_NaN();
    total += std::log(a[j][j]);
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      const Real factor = a[i][j] / a[j][j];
      for (std::size_t k = j; k < a.size(); ++k) a[i][k] -= factor * a[j][k];
    }
  }
  return total;
}

// The penalised log likelihood by definition, and its derivatives by differences.
class Definition {
 public:
  Definition(const Data& data, lmsurv::Ties ties, bool frequency)
      : data_(data), ties_(ties), frequency_(frequency) {}

  Real value(const Vector& beta) const {
    Vector eta(data_.rows(), 0);
    for (std::size_t i = 0; i < eta.size(); ++i) {
      if (!data_.offset.empty()) eta[i] = data_.offset[i];
      for (std::size_t j = 0; j < beta.size(); ++j) eta[i] += beta[j] * data_.x[j][i];
    }
    const Evaluation at = Model(data_, eta, ties_, frequency_).evaluate();
    return at.value + log_determinant(at.information) / 2;
  }

  // Error about h^8 of the ninth derivative.
  Real slope(Vector beta, std::size_t j) const {
    constexpr Real h = 0.01L;
    constexpr Real factor[] = {672, -168, 32, -3};
    const Real centre = beta[j];
    Real total = 0;
    for (int step = 1; step <= 4; ++step) {
      beta[j] = centre + step * h;
      const Real above = value(beta);
      beta[j] = centre - step * h;
      total += factor[step - 1] * (above - value(beta));
    }
    return total / (840 * h);
  }

  // Newton's method over the coordinates that are free, its curvature by differences.
  Vector maximum(Vector beta, const std::vector<bool>& held) const {
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < beta.size(); ++j) {
      if (!held[j]) free.push_back(j);
    }
    for (int turn = 0; turn < 60; ++turn) {
      const Vector step = newton_step(beta, free);
      Real part = 1;
      const Real before = value(beta);
      Vector next = beta;
      for (int halving = 0; halving < 40; ++halving, part /= 2) {
        for (std::size_t f = 0; f < free.size(); ++f)
          next[free[f]] = beta[free[f]] + part * step[f];
        if (value(next) >= before) break;
      }
      beta = next;
      Real size = 0;
      for (const Real s : step) size = std::max(size, std::fabs(s));
      if (size < 1e-11L) break;
    }
    return beta;
  }

 private:
  // With a curvature that is no maximum's, uphill by at most one.
  Vector newton_step(const Vector& beta, const std::vector<std::size_t>& free) const {
    constexpr Real h = 1e-3L;
    const std::size_t p = free.size();
    Vector score(p);
    Matrix curvature(p, Vector(p));
    for (std::size_t a = 0; a < p; ++a) {
      score[a] = slope(beta, free[a]);
      Vector above = beta, below = beta;
      above[free[a]] += h;
      below[free[a]] -= h;
      for (std::size_t b = 0; b < p; ++b) {
        curvature[a][b] = (slope(below, free[b]) - slope(above, free[b])) / (2 * h);
      }
    }
    Vector step = score;
    if (std::isfinite(log_determinant(curvature))) {
      const Matrix variance = inverse(curvature);
      for (std::size_t a = 0; a < p; ++a) {
        step[a] = 0;
        for (std::size_t b = 0; b < p; ++b) step[a] += variance[a][b] * score[b];
      }
    }
    Real longest = 1;
    for (const Real s : step) longest = std::max(longest, std::fabs(s));
    for (Real& s : step) s /= longest;
    return step;
  }

  const Data& data_;
  lmsurv::Ties ties_;
  bool frequency_;
};

}  // namespace oracle
