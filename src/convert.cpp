#include "convert.h"

#include <string>

#include "core/worth_a_thread.hpp"
#include "large_pages.h"

namespace {

const double* doubles(SEXP x) { return Rf_isNull(x) ? nullptr : REAL(x); }
const int* integers(SEXP x) { return Rf_isNull(x) ? nullptr : INTEGER(x); }

lmsurv::Ties as_ties(const std::string& ties) {
  if (ties == "breslow") return lmsurv::Ties::breslow;
  if (ties == "exact") return lmsurv::Ties::exact;
  return lmsurv::Ties::efron;
}

}  // namespace

lmsurv::Execution as_execution(int threads) {
  lmsurv::Execution execution;
  execution.threads = threads;
  execution.interrupt = [] { Rcpp::checkUserInterrupt(); };
  execution.fresh_memory = use_large_pages;
  return execution;
}

lmsurv::LimitScale as_limit_scale(const std::string& type) {
  if (type == "plain") return lmsurv::LimitScale::plain;
  if (type == "log-log") return lmsurv::LimitScale::log_log;
  if (type == "logit") return lmsurv::LimitScale::logit;
  if (type == "arcsin") return lmsurv::LimitScale::arcsine;
  return type == "none" ? lmsurv::LimitScale::none : lmsurv::LimitScale::log;
}

lmsurv::Response as_response(const Rcpp::List& response) {
  SEXP time = response["time"];
  lmsurv::Response view;
  view.rows = static_cast<std::size_t>(Rf_xlength(time));
  view.time = doubles(time);
  view.entry = doubles(response["entry"]);
  view.status = integers(response["status"]);
  view.stratum = integers(response["strata"]);
  view.weight = doubles(response["weights"]);
  view.offset = doubles(response["offset"]);
  return view;
}

std::vector<lmsurv::Column> as_columns(const Rcpp::List& design) {
  const Rcpp::List values = design["values"];
  const Rcpp::IntegerVector source = design["source"];
  const Rcpp::IntegerVector column = design["column"];
  const Rcpp::IntegerVector level = design["level"];
  std::vector<lmsurv::Column> columns(static_cast<std::size_t>(source.size()));
  for (R_xlen_t j = 0; j < source.size(); ++j) {
    SEXP x = values[source[j] - 1];
    const R_xlen_t rows = Rf_isMatrix(x) ? Rf_nrows(x) : Rf_xlength(x);
    const R_xlen_t first = rows * (column[j] - 1);
    lmsurv::Column& out = columns[static_cast<std::size_t>(j)];
    if (TYPEOF(x) == REALSXP) {
      out.number = REAL(x) + first;
    } else if (TYPEOF(x) == LGLSXP) {
      out.integer = LOGICAL(x) + first;
    } else {
      out.integer = INTEGER(x) + first;
    }
    out.level = level[j];
  }
  return columns;
}

lmsurv::CoxOptions as_options(const Rcpp::List& list) {
  lmsurv::CoxOptions options;
  options.ties = as_ties(Rcpp::as<std::string>(list["ties"]));
  options.frequency = Rcpp::as<bool>(list["frequency"]);
  options.merge_close_times = Rcpp::as<bool>(list["timefix"]);
  if (list.containsElementNamed("init") && !Rf_isNull(list["init"])) {
    options.init = Rcpp::as<std::vector<double>>(list["init"]);
  }
  options.firth = Rcpp::as<std::string>(list["penalty"]) == "firth";
  if (list.containsElementNamed("held")) {
    options.held = Rcpp::as<std::vector<bool>>(list["held"]);
  }
  options.eps = Rcpp::as<double>(list["eps"]);
  options.toler_chol = Rcpp::as<double>(list["toler_chol"]);
  options.iter_max = Rcpp::as<int>(list["iter_max"]);
  options.execution = as_execution(Rcpp::as<int>(list["threads"]));
  return options;
}

lmsurv::FittedModel as_model(const Rcpp::List& response,
                             const Rcpp::NumericVector& linear_predictors,
                             const Rcpp::List& options) {
  const lmsurv::CoxOptions parsed = as_options(options);
  lmsurv::FittedModel model;
  model.response = as_response(response);
  model.linear_predictors = linear_predictors.begin();
  model.ties = parsed.ties;
  model.frequency = parsed.frequency;
  model.merge_close_times = parsed.merge_close_times;
  model.execution = lmsurv::for_work(parsed.execution, model.response.rows,
                                     lmsurv::worth_a_thread::kRowsOfAFittedModel);
  return model;
}

Clusters::Clusters(const Rcpp::Nullable<Rcpp::IntegerVector>& codes) {
  if (codes.isNotNull()) codes_ = codes.get();
}

Rcpp::NumericVector as_numeric(const std::vector<double>& values) {
  return Rcpp::NumericVector(values.begin(), values.end());
}
