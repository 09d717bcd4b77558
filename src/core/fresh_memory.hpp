#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "parallel.hpp"

namespace lmsurv {

// Room for n values, of which the caller hears before it is touched.
template <class T>
void reserve_fresh(std::vector<T>& values, std::size_t n, const Execution& execution) {
  values.reserve(n);
  if (execution.fresh_memory) execution.fresh_memory(values.data(), n * sizeof(T));
}

template <class T>
std::vector<T> fresh_zeros(std::size_t n, const Execution& execution) {
  std::vector<T> values;
  reserve_fresh(values, n, execution);
  values.resize(n);
  return values;
}

// Without values yet.
template <class T>
std::unique_ptr<T[]> fresh_array(std::size_t n, const Execution& execution) {
  std::unique_ptr<T[]> values(new T[n]);
  if (execution.fresh_memory) execution.fresh_memory(values.get(), n * sizeof(T));
  return values;
}

}  // namespace lmsurv
