#pragma once

#include <cstddef>
#include <vector>

#include "parallel.hpp"

namespace lmsurv {

struct Sorted {
  std::vector<int> index;     // of the values, from 0
  std::vector<double> value;  // in order
  std::vector<int> label;     // of the values, if they have any
};

// Ascending or descending; equal values keep their order. No NaN. The same for any number of
// threads. Radix sort, most significant bits first, each run by the leading bits of what its own
// values span: O(n) but for runs that differ in their last bits only, which take a few passes more.
// label: n or null; it comes along at less cost than looking it up by index.
Sorted sort_values(const double* value, std::size_t n, bool descending,
                   const Execution& execution = Execution(), const int* label = nullptr);

}  // namespace lmsurv
