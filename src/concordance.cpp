#include "core/concordance.hpp"

#include <Rcpp.h>

#include <string>
#include <vector>

#include "convert.h"

namespace {

// By survival's names of them.
lmsurv::PairWeight as_pair_weight(const std::string& name) {
  if (name == "S") return lmsurv::PairWeight::survival;
  if (name == "S/G") return lmsurv::PairWeight::survival_uncensored;
  if (name == "n/G2") return lmsurv::PairWeight::uncensored_squared;
  if (name == "I") return lmsurv::PairWeight::one_time;
  return lmsurv::PairWeight::equal;
}

// A row for each, in the order concordant, discordant, tied.x, tied.y, tied.xy.
Rcpp::NumericMatrix as_counts(const std::vector<lmsurv::Pairs>& pairs) {
  Rcpp::NumericMatrix out(static_cast<int>(pairs.size()), 5);
  for (int i = 0; i < out.nrow(); ++i) {
    const lmsurv::Pairs& p = pairs[std::size_t(i)];
    const double counts[] = {p.concordant, p.discordant, p.tied_score, p.tied_time, p.tied_both};
    for (int j = 0; j < 5; ++j) out(i, j) = counts[j];
  }
  return out;
}

Rcpp::List as_ranks(const std::vector<lmsurv::DeathRank>& ranks) {
  const R_xlen_t n = static_cast<R_xlen_t>(ranks.size());
  Rcpp::NumericVector time(n), rank(n), time_weight(n), weight(n);
  Rcpp::IntegerVector stratum(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const lmsurv::DeathRank& death = ranks[std::size_t(i)];
    time[i] = death.time;
    rank[i] = death.rank;
    time_weight[i] = death.time_weight;
    weight[i] = death.weight;
    stratum[i] = death.stratum;
  }
  return Rcpp::List::create(Rcpp::_["time"] = time, Rcpp::_["rank"] = rank,
                            Rcpp::_["timewt"] = time_weight, Rcpp::_["casewt"] = weight,
                            Rcpp::_["stratum"] = stratum);
}

}  // namespace

// how: timewt, ymax (NULL: none) and details.
// [[Rcpp::export]]
Rcpp::List core_concordance(const Rcpp::List& response,
                            const Rcpp::NumericVector& linear_predictors,
                            const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                            const Rcpp::List& options, const Rcpp::List& how) {
  const lmsurv::CoxOptions parsed = as_options(options);
  const Clusters clusters(cluster);
  lmsurv::ConcordanceOptions concordance;
  concordance.pair_weight = as_pair_weight(Rcpp::as<std::string>(how["timewt"]));
  if (!Rf_isNull(how["ymax"])) concordance.last = Rcpp::as<double>(how["ymax"]);
  concordance.details = Rcpp::as<bool>(how["details"]);
  concordance.frequency = parsed.frequency;
  concordance.merge_close_times = parsed.merge_close_times;
  concordance.cluster = clusters.codes();
  concordance.clusters = clusters.count();
  concordance.execution = parsed.execution;
  const lmsurv::Concordance c =
      lmsurv::concordance(as_response(response), linear_predictors.begin(), concordance);
  return Rcpp::List::create(
      Rcpp::_["concordance"] = c.index, Rcpp::_["std"] = c.standard_error,
      Rcpp::_["cvar"] = c.null_variance, Rcpp::_["total"] = as_counts({c}),
      Rcpp::_["count"] = as_counts(c.strata), Rcpp::_["influence"] = as_counts(c.rows),
      Rcpp::_["slope"] = as_numeric(c.influence), Rcpp::_["ranks"] = as_ranks(c.ranks));
}
