#include "altreal.h"

// A vector of numbers that a function of R computes when one of them is first read. Until then the
// vector holds the function, afterwards the numbers alone; saved to a file it is a plain vector.
namespace {

// data1: the function, then NULL. data2: a pair of the length and the numbers.
struct LazyNumbers {
  static R_xlen_t length(SEXP x) {
    return static_cast<R_xlen_t>(REAL_ELT(CAR(R_altrep_data2(x)), 0));
  }

  static const double* ready_numbers(SEXP x) {
    const SEXP plain = CDR(R_altrep_data2(x));
    return Rf_isNull(plain) ? nullptr : REAL(plain);
  }

  static double* numbers(SEXP x) {
    const SEXP there = CDR(R_altrep_data2(x));
    if (!Rf_isNull(there)) return REAL(there);
    // No C++ object is alive here, as an error of R jumps over this frame.
    SEXP call = PROTECT(Rf_lang1(R_altrep_data1(x)));
    SEXP made = PROTECT(Rf_eval(call, R_BaseEnv));
    if (TYPEOF(made) != REALSXP || XLENGTH(made) != Rf_xlength(x)) {
      Rf_error("a component of the model could not be computed");
    }
    SEXP plain = Rf_allocVector(REALSXP, XLENGTH(made));
    REAL_GET_REGION(made, 0, XLENGTH(made), REAL(plain));
    SETCDR(R_altrep_data2(x), plain);
    R_set_altrep_data1(x, R_NilValue);
    UNPROTECT(2);
    return REAL(plain);
  }
};

R_altrep_class_t lazy_numbers_class;

}  // namespace

// [[Rcpp::init]]
void define_lazy_numbers(DllInfo* dll) {
  lazy_numbers_class = define_altreal<LazyNumbers>("lazy_numbers", dll);
}

// attributes: such as names, known before the numbers are.
// [[Rcpp::export]]
SEXP lazy_numbers(double length, const Rcpp::Function& compute, const Rcpp::List& attributes) {
  const Rcpp::Shield<SEXP> size(Rf_ScalarReal(length));
  const Rcpp::Shield<SEXP> held(Rf_cons(size, R_NilValue));
  const Rcpp::Shield<SEXP> out(R_new_altrep(lazy_numbers_class, compute, held));
  if (attributes.size() == 0) return out;
  const Rcpp::CharacterVector names = attributes.names();
  for (R_xlen_t i = 0; i < attributes.size(); ++i) {
    Rf_setAttrib(out, Rf_install(names[i]), attributes[i]);
  }
  return out;
}
