#pragma once

#include <vector>

#include "design.hpp"
#include "event_moments.hpp"
#include "fitted_model.hpp"

namespace lmsurv {

// A fitted model taken apart by events, with the order and the design that this takes.
class OrderedModel {
 public:
  OrderedModel(const std::vector<Column>& columns, const FittedModel& model);
  OrderedModel(const OrderedModel&) = delete;
  OrderedModel& operator=(const OrderedModel&) = delete;

  const EventMoments& moments() const { return moments_; }
  // As EventMoments::weighted_risk(), without the weight.
  double relative_risk(int position) const { return risks_.relative[std::size_t(position)]; }

 private:
  RiskOrder order_;
  RowTerms terms_;
  Execution execution_;
  StandardDesign design_;
  RiskSums risk_sums_;
  Risks risks_;
  EventMoments moments_;
};

}  // namespace lmsurv
