#include "interval_sums.hpp"

#include <algorithm>
#include <utility>

namespace lmsurv {
namespace {

int blocks(int nodes) { return (nodes + kBlock - 1) / kBlock; }

void add_scaled(double* to, double c, const double* v, std::size_t width) {
  for (std::size_t j = 0; j < width; ++j) to[j] += c * v[j];
}

void add(double* to, const double* v, std::size_t width) {
  for (std::size_t j = 0; j < width; ++j) to[j] += v[j];
}

}  // namespace

CoverSums::CoverSums(int nodes, std::size_t width) : width_(width) {
  for (int n = std::max(nodes, 1);; n = blocks(n)) {
    const std::size_t size = width * static_cast<std::size_t>(n);
    levels_.push_back(
        {std::vector<double>(size), std::vector<double>(size), std::vector<double>(size)});
    if (n <= kBlock) break;
  }
}

void CoverSums::add(int lo, int hi, double c, const double* v) {
  int last = hi - 1;
  for (Level& level : levels_) {
    if (lo > last) return;
    if (lo / kBlock == last / kBlock) {
      for (int k = lo; k <= last; ++k)
        add_scaled(&level.whole[width_ * std::size_t(k)], c, v, width_);
      return;
    }
    add_scaled(&level.from[width_ * std::size_t(lo)], c, v, width_);
    add_scaled(&level.up_to[width_ * std::size_t(last)], c, v, width_);
    lo = lo / kBlock + 1;
    last = last / kBlock - 1;
  }
}

void CoverSums::merge(const CoverSums& other) {
  for (std::size_t l = 0; l < levels_.size(); ++l) {
    lmsurv::add(levels_[l].from.data(), other.levels_[l].from.data(), levels_[l].from.size());
    lmsurv::add(levels_[l].up_to.data(), other.levels_[l].up_to.data(), levels_[l].up_to.size());
    lmsurv::add(levels_[l].whole.data(), other.levels_[l].whole.data(), levels_[l].whole.size());
  }
}

void CoverSums::finish() {
  std::vector<double> running(width_);
  for (std::size_t l = levels_.size(); l-- > 0;) {
    Level& level = levels_[l];
    const int nodes = static_cast<int>(level.whole.size() / width_);
    for (int begin = 0; begin < nodes; begin += kBlock) {
      const int end = std::min(nodes, begin + kBlock);
      std::fill(running.begin(), running.end(), 0.0);
      for (int k = end - 1; k >= begin; --k) {
        lmsurv::add(running.data(), &level.up_to[width_ * std::size_t(k)], width_);
        lmsurv::add(&level.whole[width_ * std::size_t(k)], running.data(), width_);
      }
      std::fill(running.begin(), running.end(), 0.0);
      if (l + 1 < levels_.size()) {
        lmsurv::add(running.data(), &levels_[l + 1].whole[width_ * std::size_t(begin / kBlock)],
                    width_);
      }
      for (int k = begin; k < end; ++k) {
        lmsurv::add(running.data(), &level.from[width_ * std::size_t(k)], width_);
        lmsurv::add(&level.whole[width_ * std::size_t(k)], running.data(), width_);
      }
    }
  }
}

RangeSums::RangeSums(std::vector<double> values, std::size_t width) : width_(width) {
  levels_.push_back({std::move(values), {}, {}});
  for (;;) {
    Level& level = levels_.back();
    const int nodes = static_cast<int>(level.value.size() / width_);
    level.from = level.value;
    level.up_to = level.value;
    std::vector<double> totals;
    totals.reserve(width_ * static_cast<std::size_t>(blocks(nodes)));
    for (int begin = 0; begin < nodes; begin += kBlock) {
      const int end = std::min(nodes, begin + kBlock);
      for (int k = begin + 1; k < end; ++k) {
        add(&level.up_to[width_ * std::size_t(k)], &level.up_to[width_ * std::size_t(k - 1)],
            width_);
      }
      for (int k = end - 2; k >= begin; --k) {
        add(&level.from[width_ * std::size_t(k)], &level.from[width_ * std::size_t(k + 1)], width_);
      }
      const auto total = level.from.begin() + static_cast<std::ptrdiff_t>(width_) * begin;
      totals.insert(totals.end(), total, total + static_cast<std::ptrdiff_t>(width_));
    }
    if (nodes <= kBlock) break;
    levels_.push_back({std::move(totals), {}, {}});
  }
}

void RangeSums::add_to(int lo, int hi, double* out) const {
  int last = hi - 1;
  for (const Level& level : levels_) {
    if (lo > last) return;
    if (lo / kBlock == last / kBlock) {
      for (int k = lo; k <= last; ++k) add(out, &level.value[width_ * std::size_t(k)], width_);
      return;
    }
    add(out, &level.from[width_ * std::size_t(lo)], width_);
    add(out, &level.up_to[width_ * std::size_t(last)], width_);
    lo = lo / kBlock + 1;
    last = last / kBlock - 1;
  }
}

}  // namespace lmsurv
