#pragma once

#include <cstddef>
#include <vector>

namespace lmsurv {

struct Sorted {
  std::vector<int> index;     // of the values, from 0
  std::vector<double> value;  // in order
};

// Ascending or descending; equal values keep their order. No NaN.
// O(n), and O(m log m) for the m values that differ in their last 31 bits only.
Sorted sort_values(const double* value, std::size_t n, bool descending);

}  // namespace lmsurv
