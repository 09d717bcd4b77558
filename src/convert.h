#pragma once

#include <Rcpp.h>

#include <string>
#include <vector>

#include "core/cox_fit.hpp"
#include "core/curve_limits.hpp"
#include "core/design.hpp"
#include "core/fitted_model.hpp"
#include "core/response.hpp"

// The lists that R hands over (time, entry, status ... and values, source, column, level) as the
// core's views of them: pointers into R's own vectors, no copies.
lmsurv::Response as_response(const Rcpp::List& response);
std::vector<lmsurv::Column> as_columns(const Rcpp::List& design);
lmsurv::CoxOptions as_options(const Rcpp::List& options);
lmsurv::LimitScale as_limit_scale(const std::string& type);
// With R's own interrupt check, on the calling thread.
lmsurv::Execution as_execution(int threads);

// A fit to compute from: its linear predictors, n in input order, stay R's own.
lmsurv::FittedModel as_model(const Rcpp::List& response,
                             const Rcpp::NumericVector& linear_predictors,
                             const Rcpp::List& options);

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

// Of any storage order.
template <class Matrix>
Rcpp::NumericMatrix as_matrix(const Matrix& matrix) {
  Rcpp::NumericMatrix out(static_cast<int>(matrix.rows()), static_cast<int>(matrix.cols()));
  Eigen::Map<Eigen::MatrixXd>(out.begin(), matrix.rows(), matrix.cols()) = matrix;
  return out;
}
