#include "core/exact_table.hpp"
#include "core/conditional_odds.hpp"

#include <Rcpp.h>

#include "convert.h"

// counts: a matrix. Answer: the p-value, or NA where `partial_tables`, the most to hold at once,
// was not enough.
// [[Rcpp::export]]
double core_exact_table(const Rcpp::NumericMatrix& counts, double partial_tables) {
  lmsurv::TableLimits limits;
  const double larger = partial_tables / limits.partial_tables;
  limits.partial_tables *= larger;
  limits.transitions *= larger;
  limits.steps *= larger;
  const lmsurv::ExactTable test =
      lmsurv::exact_table_test(Rcpp::as<std::vector<double>>(counts),
                               static_cast<std::size_t>(counts.nrow()), limits, as_execution(1));
  return test.done ? test.p : NA_REAL;
}

// Answer: estimate, lower and upper limit. `observed` counts from 0; see conditional_odds().
// [[Rcpp::export]]
Rcpp::NumericVector core_conditional_odds(const std::vector<double>& log_density, double observed,
                                          double tail, double start) {
  const lmsurv::ConditionalOdds odds =
      lmsurv::conditional_odds(log_density, static_cast<std::size_t>(observed), tail, start);
  return Rcpp::NumericVector::create(odds.estimate, odds.low, odds.high);
}
