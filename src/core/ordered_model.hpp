#pragma once

#include <vector>

#include "cox_residuals.hpp"
#include "event_moments.hpp"

namespace lmsurv {

// A fitted model taken apart by events, with the order and the design that this takes.
class OrderedModel {
 public:
  OrderedModel(const std::vector<Column>& columns, const FittedModel& model);
  OrderedModel(const OrderedModel&) = delete;
  OrderedModel& operator=(const OrderedModel&) = delete;

  const EventMoments& moments() const { return moments_; }
  // exp(eta), also where the weight is 0
  double relative_risk(int position) const { return relative_risk_[std::size_t(position)]; }

 private:
  RiskOrder order_;
  RowTerms terms_;
  Execution execution_;
  StandardDesign design_;
  RiskSums risk_sums_;
  std::vector<double> relative_risk_, weighted_risk_;  // by position
  EventMoments moments_;
};

}  // namespace lmsurv
