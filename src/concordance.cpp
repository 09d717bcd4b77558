#include "core/concordance.hpp"

#include <Rcpp.h>

#include "convert.h"

// [[Rcpp::export]]
Rcpp::List core_concordance(const Rcpp::List& response,
                            const Rcpp::NumericVector& linear_predictors, const bool timefix,
                            const Rcpp::Nullable<Rcpp::IntegerVector>& cluster = R_NilValue) {
  const Clusters clusters(cluster);
  const lmsurv::Concordance c =
      lmsurv::concordance(as_response(response), linear_predictors.begin(), timefix,
                          as_execution(1), clusters.codes(), clusters.count());
  return Rcpp::List::create(Rcpp::_["concordant"] = c.concordant,
                            Rcpp::_["discordant"] = c.discordant, Rcpp::_["tied.x"] = c.tied_score,
                            Rcpp::_["tied.y"] = c.tied_time, Rcpp::_["tied.xy"] = c.tied_both,
                            Rcpp::_["concordance"] = c.index, Rcpp::_["std"] = c.standard_error);
}
