#include "core/zph.hpp"

#include <Rcpp.h>

#include "convert.h"

// [[Rcpp::export]]
Rcpp::List core_time_score(const Rcpp::List& design, const Rcpp::List& response,
                           const Rcpp::NumericVector& linear_predictors,
                           const Rcpp::NumericVector& g, const Rcpp::List& options) {
  const lmsurv::FittedModel model = as_model(response, linear_predictors, options);
  const lmsurv::TimeScore out = lmsurv::time_score(as_columns(design), model, g.begin());
  return Rcpp::List::create(
      Rcpp::_["score"] = Rcpp::NumericVector(out.score.data(), out.score.data() + out.score.size()),
      Rcpp::_["information"] = as_matrix(out.information), Rcpp::_["cross"] = as_matrix(out.cross),
      Rcpp::_["square"] = as_matrix(out.square));
}
