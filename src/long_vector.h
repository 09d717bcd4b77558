#pragma once

#include <Rcpp.h>

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>

// Columns of one length that are handed to R as vectors of numbers without being copied. Long ones
// lie in a block of their own, which R's collector does not count: R would else go through all that
// is in the session several times, only to find room for one result. The block lives as long as one
// of its vectors, and R does not write to it: columns may still have to be made of others. Short
// ones are plain vectors of R.
class Columns {
 public:
  // Zeros.
  Columns(std::size_t columns, std::size_t rows);

  double* begin(std::size_t column);
  // Columns from `first` up to those of the next call, or all, are made when one of their numbers
  // is read for the first time. `fill` may use the block, and must not throw.
  void defer(std::size_t first, std::function<void()> fill);
  // `columns` of them from `first` on, one after the other.
  SEXP vector(std::size_t first, std::size_t columns = 1);
  SEXP matrix(std::size_t first, std::size_t columns, SEXP names = R_NilValue);

  struct Block {
    std::unique_ptr<double, decltype(&std::free)> numbers;
    std::map<std::size_t, std::function<void()>> fills;  // by first column; empty once it is done
  };

 private:
  std::size_t rows_;
  std::shared_ptr<Block> block_;
};
