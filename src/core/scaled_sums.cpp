#include "scaled_sums.hpp"

#include <cmath>
#include <limits>

namespace lmsurv {
namespace {

// Calls visit(branch) for the branches that make up the leaves [lo, hi).
template <class Visit>
void for_each_branch(std::size_t leaves, int lo, int hi, const Visit& visit) {
  if (lo >= hi) return;
  std::size_t left = leaves + std::size_t(lo), right = leaves + std::size_t(hi);
  for (; left < right; left /= 2, right /= 2) {
    if (left & 1) visit(left++);
    if (right & 1) visit(--right);
  }
}

}  // namespace

ScaledVectors::ScaledVectors(std::size_t count, std::size_t width)
    : width_(width),
      scale_(count, -std::numeric_limits<double>::infinity()),
      values_(count * width) {}

void ScaledVectors::add(std::size_t at, double log_factor, const double* v) {
  if (log_factor == -std::numeric_limits<double>::infinity()) return;
  double* to = &values_[width_ * at];
  double& scale = scale_[at];
  if (log_factor > scale) {
    const double shrink = std::exp(scale - log_factor);
    for (std::size_t j = 0; j < width_; ++j) to[j] = to[j] * shrink + v[j];
    scale = log_factor;
    return;
  }
  const double factor = std::exp(log_factor - scale);
  for (std::size_t j = 0; j < width_; ++j) to[j] += factor * v[j];
}

ScaledCover::ScaledCover(int nodes, std::size_t width)
    : leaves_(std::size_t(nodes)), tree_(2 * leaves_, width) {}

void ScaledCover::add(int lo, int hi, double log_factor, const double* v) {
  for_each_branch(leaves_, lo, hi, [&](std::size_t branch) { tree_.add(branch, log_factor, v); });
}

void ScaledCover::finish() {
  for (std::size_t branch = 1; branch < leaves_; ++branch) {
    tree_.add(2 * branch, tree_, branch);
    tree_.add(2 * branch + 1, tree_, branch);
  }
}

ScaledRanges::ScaledRanges(int nodes, std::size_t width)
    : leaves_(std::size_t(nodes)), width_(width), tree_(2 * leaves_, width) {}

void ScaledRanges::set(int node, double log_factor, const double* v) {
  tree_.add(leaves_ + std::size_t(node), log_factor, v);
}

void ScaledRanges::finish() {
  for (std::size_t branch = leaves_; branch-- > 1;) {
    tree_.add(branch, tree_, 2 * branch);
    tree_.add(branch, tree_, 2 * branch + 1);
  }
}

void ScaledRanges::add_to(int lo, int hi, double log_factor, double* out) const {
  for_each_branch(leaves_, lo, hi, [&](std::size_t branch) {
    const double factor = std::exp(log_factor + tree_.scale(branch));
    if (!(factor > 0)) return;
    const double* v = tree_.values(branch);
    for (std::size_t j = 0; j < width_; ++j) out[j] += factor * v[j];
  });
}

}  // namespace lmsurv
