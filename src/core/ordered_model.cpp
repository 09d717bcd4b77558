#include "ordered_model.hpp"

namespace lmsurv {

OrderedModel::OrderedModel(const std::vector<Column>& columns, const FittedModel& model)
    : order_(build_risk_order(model.response, model.merge_close_times, model.execution)),
      terms_(model.response, order_, model.frequency),
      execution_(model.execution),
      design_(columns, order_, model.response.weight, execution_),
      risk_sums_(order_, design_.data(), design_.stride(), execution_),
      risks_(by_position(model.linear_predictors, order_), order_, risk_sums_, terms_, design_),
      moments_(order_, terms_, design_, risk_sums_, model.ties, risks_.weighted,
               risks_.wide.get()) {}

}  // namespace lmsurv
