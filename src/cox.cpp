#include <Rcpp.h>

#include "convert.h"
#include "core/baseline_hazard.hpp"
#include "core/cox_fit.hpp"
#include "core/cox_residuals.hpp"
#include "core/expected_events.hpp"

namespace {

Rcpp::NumericVector as_vector(const Eigen::VectorXd& values) {
  return Rcpp::NumericVector(values.data(), values.data() + values.size());
}

Rcpp::List as_list(const lmsurv::MergedTimes& merged) {
  const Rcpp::IntegerVector row(merged.row.begin(), merged.row.end());
  return Rcpp::List::create(Rcpp::_["row"] = row + 1, Rcpp::_["time"] = as_numeric(merged.time));
}

Eigen::MatrixXd square_matrix(const Rcpp::NumericMatrix& matrix) {
  return Eigen::Map<const Eigen::MatrixXd>(matrix.begin(), matrix.nrow(), matrix.ncol());
}

lmsurv::NewRows as_new_rows(const Rcpp::List& rows) {
  const auto doubles = [&](const char* name) -> const double* {
    SEXP values = rows[name];
    return Rf_isNull(values) ? nullptr : REAL(values);
  };
  SEXP stratum = rows["stratum"], time = rows["time"];
  lmsurv::NewRows view;
  view.rows = static_cast<std::size_t>(Rf_xlength(time));
  view.time = doubles("time");
  view.entry = doubles("entry");
  view.stratum = Rf_isNull(stratum) ? nullptr : INTEGER(stratum);
  view.linear_predictors = doubles("eta");
  view.x = doubles("x");
  return view;
}

Rcpp::List as_list(const lmsurv::SchoenfeldResiduals& residuals) {
  Rcpp::IntegerVector row(residuals.row.begin(), residuals.row.end());
  return Rcpp::List::create(Rcpp::_["residuals"] = as_matrix(residuals.residuals),
                            Rcpp::_["time"] = as_numeric(residuals.time), Rcpp::_["row"] = row + 1);
}

}  // namespace

// [[Rcpp::export]]
Rcpp::List core_cox_fit(const Rcpp::List& design, const Rcpp::List& response,
                        const Rcpp::List& options) {
  const lmsurv::CoxFit fit =
      lmsurv::fit_cox(as_columns(design), as_response(response), as_options(options));
  Rcpp::NumericVector coefficients = as_vector(fit.coefficients);
  for (R_xlen_t j = 0; j < coefficients.size(); ++j) {
    if (fit.aliased[static_cast<std::size_t>(j)]) coefficients[j] = NA_REAL;
  }
  return Rcpp::List::create(
      Rcpp::_["coefficients"] = coefficients, Rcpp::_["var"] = as_matrix(fit.variance),
      Rcpp::_["loglik"] = Rcpp::NumericVector::create(fit.loglik[0], fit.loglik[1]),
      Rcpp::_["score_test"] = fit.score_test, Rcpp::_["iter"] = fit.iterations,
      Rcpp::_["converged"] = fit.converged,
      Rcpp::_["diverging"] = Rcpp::IntegerVector(fit.diverging.begin(), fit.diverging.end()),
      Rcpp::_["aliased"] = Rcpp::LogicalVector(fit.aliased.begin(), fit.aliased.end()),
      Rcpp::_["means"] = as_numeric(fit.means), Rcpp::_["spread"] = as_numeric(fit.spread),
      Rcpp::_["linear_predictors"] = as_numeric(fit.linear_predictors),
      Rcpp::_["score"] = as_vector(fit.score), Rcpp::_["merged_times"] = fit.merged_times,
      Rcpp::_["time"] = as_list(fit.time), Rcpp::_["entry"] = as_list(fit.entry));
}

// [[Rcpp::export]]
Rcpp::List core_cox_meat(const Rcpp::List& design, const Rcpp::List& response,
                         const Rcpp::NumericVector& linear_predictors,
                         const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                         const Rcpp::List& options) {
  const lmsurv::FittedModel model = as_model(response, linear_predictors, options);
  const Clusters clusters(cluster);
  const lmsurv::ScoreMeat meat =
      lmsurv::score_meat(as_columns(design), model, clusters.codes(), clusters.count());
  return Rcpp::List::create(Rcpp::_["score"] = as_vector(meat.score),
                            Rcpp::_["meat"] = as_matrix(meat.meat));
}

// [[Rcpp::export]]
SEXP core_cox_residuals(const Rcpp::Nullable<Rcpp::List>& design, const Rcpp::List& response,
                        const Rcpp::NumericVector& linear_predictors,
                        const Rcpp::NumericVector& coefficients, const Rcpp::NumericMatrix& var,
                        const std::string& type, const Rcpp::List& options) {
  const lmsurv::FittedModel model = as_model(response, linear_predictors, options);
  if (type == "martingale") return as_numeric(lmsurv::martingale_residuals(model));
  if (type == "deviance") return as_numeric(lmsurv::deviance_residuals(model));
  const std::vector<lmsurv::Column> columns = as_columns(Rcpp::List(design.get()));
  if (type == "score") return as_matrix(lmsurv::score_residuals(columns, model));
  if (type == "schoenfeld") return as_list(lmsurv::schoenfeld_residuals(columns, model));
  const Eigen::MatrixXd variance = square_matrix(var);
  if (type == "dfbeta") return as_matrix(lmsurv::dfbeta_residuals(columns, model, variance));
  if (type == "dfbetas") return as_matrix(lmsurv::dfbetas_residuals(columns, model, variance));
  const Eigen::VectorXd beta =
      Eigen::Map<const Eigen::VectorXd>(coefficients.begin(), coefficients.size());
  return as_list(lmsurv::scaled_schoenfeld_residuals(columns, model, beta, variance));
}

// counts: whether n_risk, n_event and n_censor are wanted.
// [[Rcpp::export]]
Rcpp::List core_cox_baseline(const Rcpp::Nullable<Rcpp::List>& design, const Rcpp::List& response,
                             const Rcpp::NumericVector& linear_predictors,
                             const Rcpp::NumericVector& means, bool counts,
                             const Rcpp::List& options) {
  const lmsurv::FittedModel model = as_model(response, linear_predictors, options);
  std::vector<lmsurv::Column> columns;
  if (design.isNotNull()) columns = as_columns(Rcpp::List(design.get()));
  const lmsurv::BaselineHazard baseline =
      lmsurv::baseline_hazard(columns, model, Rcpp::as<std::vector<double>>(means), counts);
  return Rcpp::List::create(
      Rcpp::_["time"] = as_numeric(baseline.time),
      Rcpp::_["stratum"] = Rcpp::IntegerVector(baseline.stratum.begin(), baseline.stratum.end()),
      Rcpp::_["n_risk"] = as_numeric(baseline.at_risk),
      Rcpp::_["n_event"] = as_numeric(baseline.events),
      Rcpp::_["n_censor"] = as_numeric(baseline.censored),
      Rcpp::_["hazard"] = as_numeric(baseline.hazard),
      Rcpp::_["cumhaz"] = as_numeric(baseline.cumulative),
      Rcpp::_["var_hazard"] = as_numeric(baseline.variance),
      Rcpp::_["xbar"] = as_matrix(baseline.drift));
}

// rows: time, entry, stratum, eta, and x, a matrix or NULL.
// [[Rcpp::export]]
Rcpp::List core_cox_expected(const Rcpp::Nullable<Rcpp::List>& design, const Rcpp::List& response,
                             const Rcpp::NumericVector& linear_predictors, const Rcpp::List& rows,
                             const Rcpp::List& options) {
  const lmsurv::FittedModel model = as_model(response, linear_predictors, options);
  std::vector<lmsurv::Column> columns;
  if (design.isNotNull()) columns = as_columns(Rcpp::List(design.get()));
  const lmsurv::ExpectedEvents expected =
      lmsurv::expected_events(columns, model, as_new_rows(rows));
  return Rcpp::List::create(Rcpp::_["events"] = as_numeric(expected.events),
                            Rcpp::_["variance"] = as_numeric(expected.variance),
                            Rcpp::_["slope"] = as_matrix(expected.slope));
}
