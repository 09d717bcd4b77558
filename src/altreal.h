#pragma once

#include <Rcpp.h>

#include <R_ext/Altrep.h>

// A class of vectors of numbers that lie, or come to lie, somewhere else than R puts them. Kind has
//   static R_xlen_t length(SEXP x);
//   static double* numbers(SEXP x);           // makes them where they are not there yet
//   static const double* ready_numbers(SEXP x);  // null where they are not
template <class Kind>
R_altrep_class_t define_altreal(const char* name, DllInfo* dll) {
  const R_altrep_class_t made = R_make_altreal_class(name, "lmsurv", dll);
  R_set_altrep_Length_method(made, &Kind::length);
  R_set_altvec_Dataptr_method(made, [](SEXP x, Rboolean) -> void* { return Kind::numbers(x); });
  R_set_altvec_Dataptr_or_null_method(made,
                                      [](SEXP x) -> const void* { return Kind::ready_numbers(x); });
  R_set_altreal_Elt_method(made, [](SEXP x, R_xlen_t i) { return Kind::numbers(x)[i]; });
  return made;
}
