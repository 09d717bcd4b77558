#include "core/restricted_mean.hpp"

#include <Rcpp.h>

#include "convert.h"

// [[Rcpp::export]]
Rcpp::List core_restricted_mean(const Rcpp::List& response, double tau, bool timefix) {
  const lmsurv::RestrictedMean out = lmsurv::restricted_mean(as_response(response), tau, timefix);
  return Rcpp::List::create(
      Rcpp::_["mean"] = as_numeric(out.mean), Rcpp::_["variance"] = as_numeric(out.variance),
      Rcpp::_["lost"] = as_numeric(out.lost), Rcpp::_["survival"] = as_numeric(out.survival),
      Rcpp::_["rows"] = as_numeric(out.rows), Rcpp::_["events"] = as_numeric(out.events));
}
