#include "deaths.hpp"

#include <cstddef>

namespace lmsurv {

Deaths deaths_at(const RiskOrder& order, const RowTerms& terms, const double* r, int event) {
  Deaths deaths{0, 0, 0};
  for (int i = order.death_begin[event]; i < order.death_end[event]; ++i) {
    const double w = terms.weight_at(std::size_t(i));
    deaths.count += terms.frequency ? w : w > 0;
    deaths.weight += w;
    deaths.risk += r[i];
  }
  return deaths;
}

}  // namespace lmsurv
