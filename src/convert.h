#pragma once

#include <Rcpp.h>

#include <vector>

#include "core/cox_fit.hpp"
#include "core/design.hpp"
#include "core/response.hpp"

// The lists that R hands over (time, entry, status ... and values, source, column, level) as the
// core's views of them: pointers into R's own vectors, no copies.
lmsurv::Response as_response(const Rcpp::List& response);
std::vector<lmsurv::Column> as_columns(const Rcpp::List& design);
lmsurv::CoxOptions as_options(const Rcpp::List& options);
// With R's own interrupt check, on the calling thread.
lmsurv::Execution as_execution(int threads);

// Codes 1..G of rows, or none.
class Clusters {
 public:
  explicit Clusters(const Rcpp::Nullable<Rcpp::IntegerVector>& codes);
  const int* codes() const { return codes_.size() > 0 ? codes_.begin() : nullptr; }
  int count() const { return codes_.size() > 0 ? Rcpp::max(codes_) : 0; }

 private:
  Rcpp::IntegerVector codes_;
};

Rcpp::NumericVector as_numeric(const std::vector<double>& values);
