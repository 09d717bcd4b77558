#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace lmsurv {

// The outcome of n rows, in the order of the input; the arrays belong to the caller.
// A row is at risk on (entry, time]; without entry times, from the beginning.
struct Response {
  std::size_t rows = 0;
  const double* time = nullptr;
  const double* entry = nullptr;   // null: every row is at risk from the beginning
  const int* status = nullptr;     // 1 = event, 0 = censored
  const int* stratum = nullptr;    // codes 1..S; null: one stratum
  const double* weight = nullptr;  // null: 1
  const double* offset = nullptr;  // null: 0
};

// Input that no estimate can be made from; `row` is the 0-based row of the input, or -1.
class InvalidInput : public std::invalid_argument {
 public:
  InvalidInput(const std::string& what, long row) : std::invalid_argument(what), row_(row) {}
  long row() const noexcept { return row_; }

 private:
  long row_;
};

}  // namespace lmsurv
