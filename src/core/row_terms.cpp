#include "row_terms.hpp"

namespace lmsurv {

RowTerms::RowTerms(const Response& response, const RiskOrder& order, bool frequency_weights)
    : weight(by_position(response.weight, order)),
      offset(by_position(response.offset, order)),
      frequency(frequency_weights) {}

}  // namespace lmsurv
