#include "core/restricted_mean.hpp"

#include <Rcpp.h>

#include "convert.h"
#include "risk_steps.h"

// [[Rcpp::export]]
Rcpp::List core_restricted_mean(const Rcpp::List& response, double tau, bool timefix) {
  const lmsurv::Response rows = as_response(response);
  const lmsurv::Execution execution = as_execution(1);
  const lmsurv::RestrictedMean out = lmsurv::restricted_mean(rows, tau, timefix, execution);
  Rcpp::RObject at_risk;
  if (rows.entry) {
    at_risk = risk_steps_list(rows, lmsurv::build_risk_order(rows, timefix, execution), execution);
  }
  return Rcpp::List::create(
      Rcpp::_["mean"] = as_numeric(out.mean), Rcpp::_["variance"] = as_numeric(out.variance),
      Rcpp::_["lost"] = as_numeric(out.lost), Rcpp::_["survival"] = as_numeric(out.survival),
      Rcpp::_["rows"] = as_numeric(out.rows), Rcpp::_["events"] = as_numeric(out.events),
      Rcpp::_["at_risk"] = at_risk);
}
