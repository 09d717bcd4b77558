#include "core/concordance.hpp"

#include <Rcpp.h>

#include "convert.h"

// [[Rcpp::export]]
Rcpp::List core_concordance(const Rcpp::List& response,
                            const Rcpp::NumericVector& linear_predictors,
                            const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                            const Rcpp::List& options) {
  const lmsurv::CoxOptions parsed = as_options(options);
  const Clusters clusters(cluster);
  lmsurv::ConcordanceOptions concordance;
  concordance.frequency = parsed.frequency;
  concordance.merge_close_times = parsed.merge_close_times;
  concordance.cluster = clusters.codes();
  concordance.clusters = clusters.count();
  concordance.execution = parsed.execution;
  const lmsurv::Concordance c =
      lmsurv::concordance(as_response(response), linear_predictors.begin(), concordance);
  return Rcpp::List::create(Rcpp::_["concordant"] = c.concordant,
                            Rcpp::_["discordant"] = c.discordant, Rcpp::_["tied.x"] = c.tied_score,
                            Rcpp::_["tied.y"] = c.tied_time, Rcpp::_["tied.xy"] = c.tied_both,
                            Rcpp::_["concordance"] = c.index, Rcpp::_["std"] = c.standard_error);
}
