#pragma once

#include <vector>

#include "cumulative_incidence.hpp"

namespace lmsurv {

// Curves with columns of their own, by number of the state or cause, then step.
struct CumulativeIncidence {
  std::vector<int> begin;                       // strata + 1
  std::vector<double> time, at_risk, censored;  // T
  std::vector<std::vector<double>> events, hazard, probability, variance;
};

inline CumulativeIncidence cumulative_incidence(const Response& response,
                                                const CumulativeIncidenceOptions& options,
                                                bool merge_close_times = true) {
  const CurvePoints points = find_curve_points(response, merge_close_times);
  const std::size_t steps = points.begin.back(), causes = std::size_t(options.causes);
  CumulativeIncidence out;
  out.begin.assign(points.begin.begin(), points.begin.end());
  for (auto* column : {&out.time, &out.at_risk, &out.censored}) column->resize(steps);
  out.events.assign(causes, std::vector<double>(steps));
  out.hazard = out.events;
  out.probability.assign(causes + 1, std::vector<double>(steps));
  out.variance = out.probability;
  const auto columns = [](std::vector<std::vector<double>>& matrix) {
    std::vector<double*> begins;
    for (std::vector<double>& column : matrix) begins.push_back(column.data());
    return begins;
  };
  fit_incidence(response, points, options,
                {out.time.data(), out.at_risk.data(), out.censored.data(), columns(out.events),
                 columns(out.hazard), columns(out.probability), columns(out.variance)});
  for (std::vector<double>& column : out.variance) {
    for (double& value : column) value *= value;
  }
  return out;
}

}  // namespace lmsurv
