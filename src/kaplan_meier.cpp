#include "core/kaplan_meier.hpp"

#include <Rcpp.h>

#include <string>

#include "convert.h"
#include "core/product_limit.hpp"

namespace {

lmsurv::CurveType as_curve_type(const std::string& type) {
  if (type == "nelson-aalen") return lmsurv::CurveType::nelson_aalen;
  if (type == "fh2") return lmsurv::CurveType::fleming_harrington;
  return lmsurv::CurveType::kaplan_meier;
}

lmsurv::LimitScale as_limit_scale(const std::string& type) {
  if (type == "plain") return lmsurv::LimitScale::plain;
  if (type == "log-log") return lmsurv::LimitScale::log_log;
  if (type == "logit") return lmsurv::LimitScale::logit;
  if (type == "arcsin") return lmsurv::LimitScale::arcsine;
  return type == "none" ? lmsurv::LimitScale::none : lmsurv::LimitScale::log;
}

Rcpp::NumericVector new_column(std::size_t rows) {
  return Rcpp::NumericVector(Rcpp::no_init(static_cast<R_xlen_t>(rows)));
}

struct Columns {
  Columns(std::size_t points, bool entry, bool limits)
      : time(new_column(points)),
        at_risk(new_column(points)),
        events(new_column(points)),
        censored(new_column(points)),
        entered(new_column(entry ? points : 0)),
        survival(new_column(points)),
        std_err(new_column(points)),
        hazard(new_column(points)),
        std_hazard(new_column(points)),
        lower(new_column(limits ? points : 0)),
        upper(new_column(limits ? points : 0)) {}

  lmsurv::CurveColumns view() {
    return {time.begin(),       at_risk.begin(),
            events.begin(),     censored.begin(),
            entered.begin(),    survival.begin(),
            std_err.begin(),    hazard.begin(),
            std_hazard.begin(), {lower.begin(), upper.begin(), NA_REAL}};
  }

  Rcpp::NumericVector time, at_risk, events, censored, entered, survival, std_err, hazard,
      std_hazard, lower, upper;
};

SEXP or_null(const Rcpp::NumericVector& column, bool wanted) {
  return wanted ? static_cast<SEXP>(column) : R_NilValue;
}

Rcpp::IntegerVector group_sizes(const lmsurv::CurvePoints& points) {
  Rcpp::IntegerVector sizes(static_cast<R_xlen_t>(points.begin.size() - 1));
  for (R_xlen_t s = 0; s < sizes.size(); ++s) {
    const std::size_t group = static_cast<std::size_t>(s);
    sizes[s] = static_cast<int>(points.begin[group + 1] - points.begin[group]);
  }
  return sizes;
}

}  // namespace

// [[Rcpp::export]]
Rcpp::List core_km(const Rcpp::List& response, const Rcpp::Nullable<Rcpp::IntegerVector>& cluster,
                   const Rcpp::Nullable<Rcpp::IntegerVector>& id, const Rcpp::List& settings) {
  const lmsurv::Response rows = as_response(response);
  const Clusters clusters(cluster), patients(id);
  lmsurv::CurveOptions options;
  options.type = as_curve_type(settings["type"]);
  options.frequency = settings["frequency"];
  options.reverse = settings["reverse"];
  options.robust = settings["robust"];
  options.cluster = clusters.codes();
  options.clusters = clusters.count();
  options.id = patients.codes();
  options.ids = patients.count();
  options.limits = as_limit_scale(settings["conf_type"]);
  options.z = settings["z"];
  options.execution = as_execution(settings["threads"]);
  const lmsurv::CurvePoints points = lmsurv::find_curve_points(rows, settings["timefix"]);
  const bool limits = options.limits != lmsurv::LimitScale::none;
  Columns columns(points.begin.back(), rows.entry != nullptr, limits);
  lmsurv::fit_curves(rows, points, options, columns.view());
  return Rcpp::List::create(
      Rcpp::_["time"] = columns.time, Rcpp::_["n.risk"] = columns.at_risk,
      Rcpp::_["n.event"] = columns.events, Rcpp::_["n.censor"] = columns.censored,
      Rcpp::_["n.enter"] = or_null(columns.entered, rows.entry != nullptr),
      Rcpp::_["surv"] = columns.survival, Rcpp::_["std.err"] = columns.std_err,
      Rcpp::_["cumhaz"] = columns.hazard, Rcpp::_["std.chaz"] = columns.std_hazard,
      Rcpp::_["lower"] = or_null(columns.lower, limits),
      Rcpp::_["upper"] = or_null(columns.upper, limits), Rcpp::_["size"] = group_sizes(points),
      Rcpp::_["merged"] = points.order.merged_times);
}

// The curve of any counts by group and time, such as the censorings', and its limits.
// [[Rcpp::export]]
Rcpp::List core_km_of_counts(const Rcpp::NumericVector& at_risk, const Rcpp::NumericVector& events,
                             const Rcpp::IntegerVector& size, const std::string& conf_type,
                             double z) {
  const std::size_t points = static_cast<std::size_t>(at_risk.size());
  Rcpp::NumericVector survival = new_column(points), std_err = new_column(points),
                      lower = new_column(points), upper = new_column(points);
  R_xlen_t begin = 0;
  for (const int points_of_group : size) {
    lmsurv::product_limit(static_cast<std::size_t>(points_of_group), at_risk.begin() + begin,
                          events.begin() + begin, survival.begin() + begin,
                          std_err.begin() + begin);
    begin += points_of_group;
  }
  const lmsurv::CurveView curve{points, survival.begin(), std_err.begin(), false};
  lmsurv::curve_limits(curve, as_limit_scale(conf_type), z, {},
                       {lower.begin(), upper.begin(), NA_REAL});
  return Rcpp::List::create(Rcpp::_["surv"] = survival, Rcpp::_["std.err"] = std_err,
                            Rcpp::_["lower"] = lower, Rcpp::_["upper"] = upper);
}

// A row for each group: the area under its curve from `start` to its end, and the standard error.
// [[Rcpp::export]]
Rcpp::NumericMatrix core_km_area(const Rcpp::List& curve, const Rcpp::IntegerVector& size,
                                 double start, const Rcpp::NumericVector& end) {
  const Rcpp::NumericVector time = curve["time"], at_risk = curve["n.risk"],
                            events = curve["n.event"], survival = curve["surv"];
  Rcpp::NumericMatrix out(static_cast<int>(size.size()), 2);
  R_xlen_t begin = 0;
  for (int s = 0; s < out.nrow(); begin += size[s++]) {
    const lmsurv::Area area = lmsurv::area_under_curve(
        static_cast<std::size_t>(size[s]), time.begin() + begin, at_risk.begin() + begin,
        events.begin() + begin, survival.begin() + begin, start, end[s]);
    out(s, 0) = area.area;
    out(s, 1) = area.std_err;
  }
  return out;
}

// A matrix, groups x levels: when `y`, whose groups have the given sizes, falls to each level.
// [[Rcpp::export]]
Rcpp::NumericMatrix core_km_quantile(const Rcpp::NumericVector& time, const Rcpp::NumericVector& y,
                                     const Rcpp::IntegerVector& size,
                                     const Rcpp::NumericVector& level, double tolerance,
                                     bool midpoint) {
  const lmsurv::FlatStep flat = midpoint ? lmsurv::FlatStep::midpoint : lmsurv::FlatStep::first;
  Rcpp::NumericMatrix out(static_cast<int>(size.size()), static_cast<int>(level.size()));
  R_xlen_t begin = 0;
  for (int s = 0; s < out.nrow(); begin += size[s++]) {
    for (int j = 0; j < out.ncol(); ++j) {
      const double found =
          lmsurv::falls_to(time.begin() + begin, y.begin() + begin,
                           static_cast<std::size_t>(size[s]), level[j], tolerance, flat);
      out(s, j) = std::isnan(found) ? NA_REAL : found;
    }
  }
  return out;
}
