#include "long_vector.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "altreal.h"
#include "large_pages.h"

namespace {

// From so many numbers on a block of its own is worth its while.
constexpr std::size_t kLong = 100000;

struct View {
  std::shared_ptr<Columns::Block> block;
  double* begin;
  R_xlen_t length;
  std::function<void()>* fill;  // of the block; null: the numbers are there

  double* numbers() {
    if (fill && *fill) std::exchange(*fill, nullptr)();
    return begin;
  }
  const double* ready_numbers() const { return fill && *fill ? nullptr : begin; }
};

// data1: a pointer to the view.
struct LongVector {
  static View& view(SEXP x) { return *static_cast<View*>(R_ExternalPtrAddr(R_altrep_data1(x))); }
  static R_xlen_t length(SEXP x) { return view(x).length; }
  static double* numbers(SEXP x) { return view(x).numbers(); }
  static const double* ready_numbers(SEXP x) { return view(x).ready_numbers(); }
};

R_altrep_class_t long_vector_class;

void release(SEXP pointer) {
  delete static_cast<View*>(R_ExternalPtrAddr(pointer));
  R_ClearExternalPtr(pointer);
}

R_xlen_t region(SEXP x, R_xlen_t from, R_xlen_t size, double* out) {
  View& view = LongVector::view(x);
  size = std::min(size, view.length - from);
  std::copy_n(view.numbers() + from, size, out);
  return size;
}

}  // namespace

// [[Rcpp::init]]
void define_long_vectors(DllInfo* dll) {
  long_vector_class = define_altreal<LongVector>("long_vector", dll);
  R_set_altreal_Get_region_method(long_vector_class, region);
}

Columns::Columns(std::size_t columns, std::size_t rows)
    : rows_(rows),
      block_(new Block{
          {static_cast<double*>(std::calloc(columns * rows + 1, sizeof(double))), &std::free},
          {}}) {
  if (!block_->numbers) throw std::bad_alloc();
  use_large_pages(block_->numbers.get(), columns * rows * sizeof(double));
}

double* Columns::begin(std::size_t column) { return block_->numbers.get() + column * rows_; }

void Columns::defer(std::size_t first, std::function<void()> fill) {
  block_->fills[first] = std::move(fill);
}

SEXP Columns::vector(std::size_t first, std::size_t columns) {
  const std::size_t n = columns * rows_;
  const auto later = block_->fills.upper_bound(first);
  View view{block_, begin(first), static_cast<R_xlen_t>(n),
            later == block_->fills.begin() ? nullptr : &std::prev(later)->second};
  if (n < kLong) return Rcpp::NumericVector(view.numbers(), view.numbers() + n);
  const Rcpp::Shield<SEXP> pointer(R_MakeExternalPtr(nullptr, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, release, FALSE);
  R_SetExternalPtrAddr(pointer, new View(view));
  SEXP out = R_new_altrep(long_vector_class, pointer, R_NilValue);
  MARK_NOT_MUTABLE(out);
  return out;
}

SEXP Columns::matrix(std::size_t first, std::size_t columns, SEXP names) {
  const Rcpp::Shield<SEXP> out(vector(first, columns));
  Rf_setAttrib(out, R_DimSymbol,
               Rcpp::IntegerVector::create(static_cast<int>(rows_), static_cast<int>(columns)));
  if (!Rf_isNull(names)) {
    Rf_setAttrib(out, R_DimNamesSymbol, Rcpp::List::create(R_NilValue, names));
  }
  return out;
}
