#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

// What the fuzz targets share: bytes as a source of small numbers, and what to do when a law is
// broken.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  int next(int values) { return size_ == 0 ? 0 : (--size_, *data_++) % values; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};
