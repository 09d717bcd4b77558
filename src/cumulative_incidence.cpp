#include "core/cumulative_incidence.hpp"

#include <Rcpp.h>

#include <string>

#include "convert.h"
#include "core/gray_test.hpp"

namespace {

Rcpp::NumericMatrix bind_columns(const std::vector<std::vector<double>>& columns) {
  const std::size_t rows = columns.empty() ? 0 : columns[0].size();
  Rcpp::NumericMatrix out(int(rows), int(columns.size()));
  double* next = out.begin();
  for (const std::vector<double>& column : columns) {
    next = std::copy(column.begin(), column.end(), next);
  }
  return out;
}

}  // namespace

// response$strata holds the groups.
// [[Rcpp::export]]
Rcpp::List core_cumulative_incidence(const Rcpp::List& response, int causes,
                                     const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                                     const Rcpp::List& options) {
  const Clusters clusters(cluster);
  lmsurv::CumulativeIncidenceOptions parsed;
  parsed.causes = causes;
  parsed.frequency = Rcpp::as<bool>(options["frequency"]);
  parsed.merge_close_times = Rcpp::as<bool>(options["timefix"]);
  parsed.cluster = clusters.codes();
  parsed.clusters = clusters.count();
  if (Rcpp::as<std::string>(options["variance"]) == "aalen") {
    parsed.variance = lmsurv::IncidenceVariance::aalen;
  }
  parsed.execution = as_execution(1);
  const lmsurv::CumulativeIncidence curves =
      lmsurv::cumulative_incidence(as_response(response), parsed);
  return Rcpp::List::create(
      Rcpp::_["begin"] = Rcpp::IntegerVector(curves.begin.begin(), curves.begin.end()),
      Rcpp::_["time"] = as_numeric(curves.time), Rcpp::_["at_risk"] = as_numeric(curves.at_risk),
      Rcpp::_["censored"] = as_numeric(curves.censored),
      Rcpp::_["events"] = bind_columns(curves.events),
      Rcpp::_["hazard"] = bind_columns(curves.hazard),
      Rcpp::_["probability"] = bind_columns(curves.probability),
      Rcpp::_["variance"] = bind_columns(curves.variance));
}

// response$strata holds the strata of the test.
// [[Rcpp::export]]
Rcpp::List core_gray_tests(const Rcpp::List& response, const Rcpp::IntegerVector& group, int groups,
                           int causes, const Rcpp::List& options) {
  lmsurv::GrayOptions parsed;
  parsed.causes = causes;
  parsed.rho = Rcpp::as<double>(options["rho"]);
  parsed.merge_close_times = Rcpp::as<bool>(options["timefix"]);
  parsed.execution = as_execution(1);
  const std::vector<lmsurv::GrayTest> tests =
      lmsurv::gray_tests(as_response(response), group.begin(), groups, parsed);
  Rcpp::List out;
  for (const lmsurv::GrayTest& test : tests) {
    Rcpp::NumericVector score(test.score.data(), test.score.data() + test.score.size());
    Rcpp::NumericMatrix variance(groups, groups);
    std::copy(test.variance.data(), test.variance.data() + test.variance.size(), variance.begin());
    out.push_back(Rcpp::List::create(Rcpp::_["statistic"] = test.statistic, Rcpp::_["df"] = test.df,
                                     Rcpp::_["score"] = score, Rcpp::_["variance"] = variance));
  }
  return out;
}
