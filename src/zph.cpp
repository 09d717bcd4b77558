#include "core/zph.hpp"

#include <Rcpp.h>

#include "convert.h"

namespace {

Rcpp::NumericMatrix as_matrix(const Eigen::MatrixXd& matrix) {
  Rcpp::NumericMatrix out(static_cast<int>(matrix.rows()), static_cast<int>(matrix.cols()));
  std::copy(matrix.data(), matrix.data() + matrix.size(), out.begin());
  return out;
}

}  // namespace

// [[Rcpp::export]]
Rcpp::List core_time_score(const Rcpp::List& design, const Rcpp::List& response,
                           const Rcpp::NumericVector& linear_predictors,
                           const Rcpp::NumericVector& g, const Rcpp::List& options) {
  const lmsurv::CoxOptions parsed = as_options(options);
  lmsurv::FittedModel model;
  model.response = as_response(response);
  model.linear_predictors = linear_predictors.begin();
  model.ties = parsed.ties;
  model.frequency = parsed.frequency;
  model.merge_close_times = parsed.merge_close_times;
  model.execution = parsed.execution;
  const lmsurv::TimeScore out = lmsurv::time_score(as_columns(design), model, g.begin());
  return Rcpp::List::create(
      Rcpp::_["score"] = Rcpp::NumericVector(out.score.data(), out.score.data() + out.score.size()),
      Rcpp::_["information"] = as_matrix(out.information), Rcpp::_["cross"] = as_matrix(out.cross),
      Rcpp::_["square"] = as_matrix(out.square));
}
