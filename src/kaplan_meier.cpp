#include "core/kaplan_meier.hpp"

#include <Rcpp.h>

#include <string>

#include "convert.h"
#include "core/product_limit.hpp"
#include "long_vector.h"
#include "risk_steps.h"

namespace {

lmsurv::CurveType as_curve_type(const std::string& type) {
  if (type == "nelson-aalen") return lmsurv::CurveType::nelson_aalen;
  if (type == "fh2") return lmsurv::CurveType::fleming_harrington;
  return lmsurv::CurveType::kaplan_meier;
}

// The columns of the curve's points, one after the other.
struct Part {
  enum { time, at_risk, events, censored, survival, std_err, hazard, std_hazard, optional };
};

lmsurv::CurveColumns view(Columns& columns, bool entry, bool limits) {
  const std::size_t lower = Part::optional + entry;
  lmsurv::CurveColumns out;
  out.time = columns.begin(Part::time);
  out.at_risk = columns.begin(Part::at_risk);
  out.events = columns.begin(Part::events);
  out.censored = columns.begin(Part::censored);
  out.survival = columns.begin(Part::survival);
  out.std_err = columns.begin(Part::std_err);
  out.hazard = columns.begin(Part::hazard);
  out.std_hazard = columns.begin(Part::std_hazard);
  out.entered = entry ? columns.begin(Part::optional) : nullptr;
  if (limits) out.limits = {columns.begin(lower), columns.begin(lower + 1), NA_REAL};
  return out;
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
  const lmsurv::CurvePoints points =
      lmsurv::find_curve_points(rows, Rcpp::as<bool>(settings["timefix"]), options.execution);
  const bool entry = rows.entry != nullptr;
  const bool limits = options.limits != lmsurv::LimitScale::none;
  const std::size_t lower = Part::optional + entry;
  Columns columns(lower + 2 * limits, points.begin.back());
  lmsurv::fit_curves(rows, points, options, view(columns, entry, limits));
  Rcpp::List out = Rcpp::List::create(
      Rcpp::_["time"] = columns.vector(Part::time),
      Rcpp::_["n.risk"] = columns.vector(Part::at_risk),
      Rcpp::_["n.event"] = columns.vector(Part::events),
      Rcpp::_["n.censor"] = columns.vector(Part::censored), Rcpp::_["n.enter"] = R_NilValue,
      Rcpp::_["surv"] = columns.vector(Part::survival),
      Rcpp::_["std.err"] = columns.vector(Part::std_err),
      Rcpp::_["cumhaz"] = columns.vector(Part::hazard),
      Rcpp::_["std.chaz"] = columns.vector(Part::std_hazard), Rcpp::_["lower"] = R_NilValue,
      Rcpp::_["upper"] = R_NilValue, Rcpp::_["size"] = group_sizes(points),
      Rcpp::_["merged"] = points.order.merged_times,
      Rcpp::_["at_risk"] = risk_steps_list(rows, points.order, options.execution));
  if (entry) out["n.enter"] = columns.vector(Part::optional);
  if (limits) {
    out["lower"] = columns.vector(lower);
    out["upper"] = columns.vector(lower + 1);
  }
  return out;
}

// The curve of any counts by group and time, such as the censorings', and its limits.
// [[Rcpp::export]]
Rcpp::List core_km_of_counts(const Rcpp::NumericVector& at_risk, const Rcpp::NumericVector& events,
                             const Rcpp::IntegerVector& size, const std::string& conf_type,
                             double z) {
  const std::size_t points = static_cast<std::size_t>(at_risk.size());
  Columns columns(4, points);
  double *const survival = columns.begin(0), *const std_err = columns.begin(1);
  R_xlen_t begin = 0;
  for (const int points_of_group : size) {
    lmsurv::product_limit(static_cast<std::size_t>(points_of_group), at_risk.begin() + begin,
                          events.begin() + begin, survival + begin, std_err + begin);
    begin += points_of_group;
  }
  lmsurv::curve_limits({points, survival, std_err, false}, as_limit_scale(conf_type), z, {},
                       {columns.begin(2), columns.begin(3), NA_REAL});
  return Rcpp::List::create(
      Rcpp::_["surv"] = columns.vector(0), Rcpp::_["std.err"] = columns.vector(1),
      Rcpp::_["lower"] = columns.vector(2), Rcpp::_["upper"] = columns.vector(3));
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
