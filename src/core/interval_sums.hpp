#pragma once

#include <cstddef>
#include <vector>

namespace lmsurv {

// Sums over intervals of a line of nodes 0..n-1, by additions alone: nothing is ever taken away
// again, so no digit is lost when the terms differ by any order of magnitude. The line is cut into
// blocks of kBlock nodes, the blocks into blocks of blocks, and so on; an interval is then the end
// of one block, the beginning of another, and an interval of whole blocks one level up.
constexpr int kBlock = 32;

// Adds a vector to every node of an interval, for many intervals; then tells each node's sum.
// Cost: O(width log n / log kBlock + width kBlock) an interval; memory 3 n width (1 + 1/32 + ...).
class CoverSums {
 public:
  CoverSums(int nodes, std::size_t width);

  // node k += c * v for k in [lo, hi)
  void add(int lo, int hi, double c, const double* v);
  void merge(const CoverSums& other);
  void finish();
  const double* at(int node) const { return &levels_[0].whole[width_ * std::size_t(node)]; }

 private:
  struct Level {
    std::vector<double> from;   // belongs to the node and to all later ones of its block
    std::vector<double> up_to;  // belongs to the node and to all earlier ones of its block
    std::vector<double> whole;  // belongs to the node alone; after finish(): its sum
  };
  std::size_t width_;
  std::vector<Level> levels_;
};

// Given a vector at every node, tells the sum over an interval.
// Cost: O(n width) to build, O(width log n / log kBlock + width kBlock) an interval.
class RangeSums {
 public:
  // values: nodes x width, row-major
  RangeSums(std::vector<double> values, std::size_t width);

  // out[j] += sum of values over [lo, hi)
  void add_to(int lo, int hi, double* out) const;

 private:
  struct Level {
    std::vector<double> value;
    std::vector<double> from;   // from the node to the end of its block
    std::vector<double> up_to;  // from the beginning of its block to the node
  };
  std::size_t width_;
  std::vector<Level> levels_;
};

}  // namespace lmsurv
