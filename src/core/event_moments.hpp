#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "cox_likelihood.hpp"
#include "cox_residuals.hpp"
#include "interval_sums.hpp"

namespace lmsurv {

// A fitted model taken apart by events, for residuals, the sandwich and the baseline hazard. All
// vectors are in the coordinates of the standardised design, `stride` long, and carry a hazard in
// the column of ones.
class EventMoments {
 public:
  EventMoments(const std::vector<Column>& columns, const FittedModel& model);

  const RiskOrder& order() const { return order_; }
  const RowTerms& terms() const { return terms_; }
  const StandardDesign& design() const { return design_; }
  const RiskSums& risk_sums() const { return risk_sums_; }
  std::size_t stride() const { return design_.stride(); }
  std::size_t ones() const { return design_.columns(); }
  double relative_risk(int position) const { return relative_risk_[std::size_t(position)]; }

  // Sum of h m over the steps of the event, and of h: what a survivor lives through.
  const double* lived(int event) const { return &lived_[stride() * std::size_t(event)]; }
  // The same with the share of a tied death.
  const double* lived_by_death(int event) const;
  // Mean of z over the risk set, averaged over the steps.
  const double* mean(int event) const { return &mean_[stride() * std::size_t(event)]; }
  double square(int event) const { return square_[std::size_t(event)]; }  // sum w / s^2

 private:
  class Walk;

  RiskOrder order_;
  RowTerms terms_;
  Execution execution_;
  StandardDesign design_;
  RiskSums risk_sums_;
  std::vector<double> relative_risk_;  // exp(eta), by position
  std::vector<double> lived_, mean_, square_;
  std::vector<int> tied_;  // d: place among the tied events, or -1
  std::vector<double> lived_by_tied_;
};

// Sums what a row has lived through, from a given event of its stratum to its entry.
class LivedThrough {
 public:
  explicit LivedThrough(const EventMoments& moments);

  // out += lived() summed over the events from `event` on at which position i is at risk
  void add_to(int position, int event, double* out) const;

 private:
  const EventMoments& moments_;
  std::unique_ptr<RangeSums> ranges_;  // with entry times
  std::vector<double> later_;          // without: sums over an event and those after it in order
};

}  // namespace lmsurv
