#pragma once

#include <cstddef>
#include <vector>

namespace lmsurv {

// Vectors exp(s) v, each with a scale s of its own that follows the largest of its terms: terms may
// lie any number of orders of magnitude apart, and one that vanishes beside another in the same sum
// is all that is ever lost.
class ScaledVectors {
 public:
  ScaledVectors(std::size_t count, std::size_t width);

  // vector `at` += exp(log_factor) v
  void add(std::size_t at, double log_factor, const double* v);
  void add(std::size_t at, const ScaledVectors& other, std::size_t from) {
    add(at, other.scale(from), other.values(from));
  }
  double scale(std::size_t at) const { return scale_[at]; }  // minus infinity: nothing was added
  const double* values(std::size_t at) const { return &values_[width_ * at]; }

 private:
  std::size_t width_;
  std::vector<double> scale_, values_;
};

// What CoverSums and RangeSums (interval_sums.hpp) are, for terms of any size: a binary tree over
// the nodes, of which an interval is O(log n) branches. Cost: O(width log n) an interval, and as
// many exponentials as branches.
class ScaledCover {
 public:
  ScaledCover(int nodes, std::size_t width);

  // node k += exp(log_factor) v for k in [lo, hi)
  void add(int lo, int hi, double log_factor, const double* v);
  void finish();
  double scale(int node) const { return tree_.scale(leaves_ + std::size_t(node)); }
  const double* at(int node) const { return tree_.values(leaves_ + std::size_t(node)); }

 private:
  std::size_t leaves_;
  ScaledVectors tree_;
};

class ScaledRanges {
 public:
  ScaledRanges(int nodes, std::size_t width);

  void set(int node, double log_factor, const double* v);
  void finish();
  // out[j] += exp(log_factor) times the sum over [lo, hi)
  void add_to(int lo, int hi, double log_factor, double* out) const;

 private:
  std::size_t leaves_, width_;
  ScaledVectors tree_;
};

}  // namespace lmsurv
