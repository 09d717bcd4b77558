#include "ordered_model.hpp"

#include <cmath>

namespace lmsurv {
namespace {

std::vector<double> relative_risks(const FittedModel& model, const RiskOrder& order) {
  std::vector<double> risk(order.rows());
  for (std::size_t i = 0; i < risk.size(); ++i) {
    risk[i] = std::exp(model.linear_predictors[order.row[i]]);
  }
  return risk;
}

std::vector<double> weighted(std::vector<double> risk, const RowTerms& terms) {
  for (std::size_t i = 0; i < risk.size(); ++i) risk[i] *= terms.weight_at(i);
  return risk;
}

}  // namespace

OrderedModel::OrderedModel(const std::vector<Column>& columns, const FittedModel& model)
    : order_(build_risk_order(model.response, model.merge_close_times, model.execution)),
      terms_(model.response, order_, model.frequency),
      execution_(model.execution),
      design_(columns, order_.row, model.response.weight, execution_),
      risk_sums_(order_, design_.data(), design_.stride(), execution_),
      relative_risk_(relative_risks(model, order_)),
      weighted_risk_(weighted(relative_risk_, terms_)),
      moments_(order_, terms_, design_, risk_sums_, model.ties, weighted_risk_) {}

}  // namespace lmsurv
