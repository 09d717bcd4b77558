#include "core/rank_test.hpp"

#include <Rcpp.h>

#include <string>
#include <vector>

#include "convert.h"

namespace {

Rcpp::NumericVector as_vector(const Eigen::VectorXd& values) {
  return Rcpp::NumericVector(values.data(), values.data() + values.size());
}

lmsurv::TestWeight as_test_weight(const std::string& name) {
  if (name == "gehan") return lmsurv::TestWeight::gehan;
  if (name == "tarone-ware") return lmsurv::TestWeight::tarone_ware;
  if (name == "peto") return lmsurv::TestWeight::peto;
  if (name == "modified-peto") return lmsurv::TestWeight::modified_peto;
  if (name == "fleming-harrington") return lmsurv::TestWeight::fleming_harrington;
  return lmsurv::TestWeight::logrank;
}

lmsurv::RankTestOptions as_rank_options(const Rcpp::List& list, const Clusters& clusters) {
  lmsurv::RankTestOptions options;
  options.weight = as_test_weight(Rcpp::as<std::string>(list["test"]));
  options.rho = Rcpp::as<double>(list["rho"]);
  options.gamma = Rcpp::as<double>(list["gamma"]);
  options.merge_close_times = Rcpp::as<bool>(list["timefix"]);
  options.robust = Rcpp::as<bool>(list["robust"]);
  options.frequency = Rcpp::as<bool>(list["frequency"]);
  options.cluster = clusters.codes();
  options.clusters = clusters.count();
  options.execution = as_execution(Rcpp::as<int>(list["threads"]));
  return options;
}

// One row per pair: statistic and df.
Rcpp::List as_pairs(const std::vector<lmsurv::RankTest>& tests) {
  const R_xlen_t pairs = static_cast<R_xlen_t>(tests.size());
  Rcpp::NumericVector statistic(pairs);
  Rcpp::IntegerVector df(pairs);
  for (R_xlen_t i = 0; i < pairs; ++i) {
    const lmsurv::ChiSquared& test = tests[static_cast<std::size_t>(i)].chi_squared;
    statistic[i] = test.statistic;
    df[i] = test.df;
  }
  return Rcpp::List::create(Rcpp::_["statistic"] = statistic, Rcpp::_["df"] = df);
}

}  // namespace

// scores: one per group, or none for no trend.
// [[Rcpp::export]]
Rcpp::List core_rank_test(const Rcpp::List& response, const Rcpp::IntegerVector& group,
                          const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                          const std::vector<double>& scores, const Rcpp::List& options) {
  const Clusters clusters(cluster);
  const int groups = Rf_nlevels(group);
  const lmsurv::RankTest test = lmsurv::rank_test(as_response(response), group.begin(), groups,
                                                  as_rank_options(options, clusters));
  Rcpp::List out = Rcpp::List::create(
      Rcpp::_["rows"] = as_vector(test.rows), Rcpp::_["events"] = as_vector(test.events),
      Rcpp::_["observed"] = as_matrix(test.observed),
      Rcpp::_["expected"] = as_matrix(test.expected), Rcpp::_["var"] = as_matrix(test.variance),
      Rcpp::_["statistic"] = test.chi_squared.statistic, Rcpp::_["df"] = test.chi_squared.df,
      Rcpp::_["merged"] = test.merged_times);
  if (!scores.empty()) {
    const lmsurv::TrendTest trend = lmsurv::trend_test(test, scores);
    out["trend"] = Rcpp::NumericVector::create(trend.score, trend.variance);
  }
  return out;
}

// [[Rcpp::export]]
Rcpp::List core_pairwise_rank_tests(const Rcpp::List& response, const Rcpp::IntegerVector& group,
                                    const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                                    const Rcpp::List& options) {
  const Clusters clusters(cluster);
  return as_pairs(lmsurv::pairwise_rank_tests(
      as_response(response), group.begin(), Rf_nlevels(group), as_rank_options(options, clusters)));
}
