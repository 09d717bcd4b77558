#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace lmsurv {

// Asks the system to back a block that has not been written yet by large pages: its first touch
// costs a quarter, and access in any order does not miss the address cache. Does nothing to a short
// block, or where there are none.
void advise_large_pages(void* block, std::size_t bytes);

template <class T>
std::unique_ptr<T[]> uninitialised(std::size_t n) {
  std::unique_ptr<T[]> block(new T[n]);
  advise_large_pages(block.get(), n * sizeof(T));
  return block;
}

// n zeros.
template <class T>
std::vector<T> zeros(std::size_t n) {
  std::vector<T> out;
  out.reserve(n);
  advise_large_pages(out.data(), n * sizeof(T));
  out.resize(n);
  return out;
}

}  // namespace lmsurv
