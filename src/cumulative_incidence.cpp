#include "core/cumulative_incidence.hpp"

#include <Rcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "convert.h"
#include "core/gray_test.hpp"
#include "core/single_rows.hpp"
#include "long_vector.h"
#include "risk_steps.h"

namespace {

std::vector<double*> begins(Columns& columns, std::size_t first, std::size_t n) {
  std::vector<double*> out(n);
  for (std::size_t k = 0; k < n; ++k) out[k] = columns.begin(first + k);
  return out;
}

// rows: the strata of the test are its strata.
Rcpp::List gray_tests(lmsurv::Response rows, const lmsurv::TimeOrder& times, const Rcpp::List& plan,
                      int causes, const lmsurv::Execution& execution) {
  lmsurv::GrayOptions options;
  options.causes = causes;
  options.rho = plan["rho"];
  options.execution = execution;
  const Rcpp::IntegerVector group = plan["group"];
  const Clusters strata(plan["strata"]);
  const int groups = plan["groups"];
  rows.stratum = strata.codes();
  Rcpp::List out;
  for (const auto& test : lmsurv::gray_tests(rows, times, group.begin(), groups, options)) {
    out.push_back(Rcpp::List::create(Rcpp::_["statistic"] = test.statistic, Rcpp::_["df"] = test.df,
                                     Rcpp::_["score"] = Rcpp::NumericVector(
                                         test.score.data(), test.score.data() + test.score.size()),
                                     Rcpp::_["variance"] = as_matrix(test.variance)));
  }
  return out;
}

}  // namespace

// response$strata holds the groups; options$gray, or NULL: the group, groups, strata and rho of
// Gray's tests.
// [[Rcpp::export]]
Rcpp::List core_cumulative_incidence(const Rcpp::List& response, int causes,
                                     const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                                     const Rcpp::List& options) {
  const Clusters clusters(cluster);
  lmsurv::CumulativeIncidenceOptions parsed;
  parsed.causes = causes;
  parsed.frequency = Rcpp::as<bool>(options["frequency"]);
  parsed.cluster = clusters.codes();
  parsed.clusters = clusters.count();
  if (Rcpp::as<std::string>(options["variance"]) == "aalen") {
    parsed.variance = lmsurv::IncidenceVariance::aalen;
  }
  parsed.execution = as_execution(options["threads"]);
  const lmsurv::LimitScale scale = as_limit_scale(options["conf_type"]);
  const double z = options["z"];
  const lmsurv::Response rows = as_response(response);
  lmsurv::TimeOrder times = lmsurv::order_times(rows, options["timefix"], parsed.execution);
  const SEXP plan = options["gray"];
  Rcpp::RObject gray;
  if (!Rf_isNull(plan)) gray = gray_tests(rows, times, plan, causes, parsed.execution);
  const auto points = std::make_shared<const lmsurv::CurvePoints>(
      lmsurv::find_curve_points(rows, std::move(times), parsed.execution));

  // Matrices of survfit's shape, which have a column for no event too.
  const std::size_t states = static_cast<std::size_t>(causes) + 1;
  const std::size_t probability = 1, std_err = probability + states, at_risk = std_err + states;
  const std::size_t censored = at_risk + states, events = censored + states;
  const std::size_t hazard = events + states, lower = hazard + states - 1, upper = lower + states;
  const bool limits = scale != lmsurv::LimitScale::none;
  Columns columns(limits ? upper + states : lower, points->begin.back());
  const lmsurv::IncidenceColumns fit{columns.begin(0),
                                     columns.begin(at_risk),
                                     columns.begin(censored),
                                     begins(columns, events + 1, states - 1),
                                     begins(columns, hazard, states - 1),
                                     begins(columns, probability, states),
                                     begins(columns, std_err, states)};
  if (lmsurv::is_single_rows(rows, parsed)) {
    lmsurv::estimate_single_rows(*points, parsed, fit);
    columns.defer(at_risk, [=] { lmsurv::count_single_rows(*points, fit); });
  } else {
    lmsurv::fit_incidence(rows, *points, parsed, fit);
  }
  if (limits) {
    const lmsurv::CurveView curves{points->begin.back() * states, columns.begin(probability),
                                   columns.begin(std_err), true, true};
    const lmsurv::Limits ends{columns.begin(lower), columns.begin(upper), NA_REAL};
    lmsurv::Execution silent;
    silent.threads = parsed.execution.threads;
    columns.defer(lower, [=] { lmsurv::curve_limits(curves, scale, z, silent, ends); });
  }
  const SEXP names = options["states"];
  return Rcpp::List::create(
      Rcpp::_["gray"] = gray,
      Rcpp::_["begin"] = Rcpp::IntegerVector(points->begin.begin(), points->begin.end()),
      Rcpp::_["time"] = columns.vector(0),
      Rcpp::_["n.risk"] = columns.matrix(at_risk, states, names),
      Rcpp::_["n.event"] = columns.matrix(events, states, names),
      Rcpp::_["n.censor"] = columns.matrix(censored, states, names),
      Rcpp::_["pstate"] = columns.matrix(probability, states, names),
      Rcpp::_["std.err"] = columns.matrix(std_err, states),
      Rcpp::_["cumhaz"] = columns.matrix(hazard, states - 1, options["hazards"]),
      Rcpp::_["lower"] = limits ? columns.matrix(lower, states, names) : R_NilValue,
      Rcpp::_["upper"] = limits ? columns.matrix(upper, states, names) : R_NilValue,
      Rcpp::_["at_risk"] = risk_steps_list(rows, points->order, parsed.execution));
}
