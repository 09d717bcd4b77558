#pragma once

#include <cstddef>

#include "parallel.hpp"

namespace lmsurv {

// How much work takes as long as to start a thread for it, measured for each kind.
namespace worth_a_thread {
constexpr std::size_t kValuesToSort = 20000;
constexpr std::size_t kRowsOfACurve = 10000;
constexpr std::size_t kRowsOfAGrayTest = 5000;
constexpr std::size_t kNumbersOfADesign = 100000;  // rows of a fit times its columns and one
constexpr std::size_t kRowsOfAFittedModel = 10000;
}  // namespace worth_a_thread

// The same execution, on this thread alone where there is less work than another is worth.
inline Execution for_work(Execution execution, std::size_t work, std::size_t worth_a_thread) {
  if (work < worth_a_thread) execution.threads = 1;
  return execution;
}

}  // namespace lmsurv
