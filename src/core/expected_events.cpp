#include "expected_events.hpp"

#include <algorithm>

#include "ordered_model.hpp"
#include "scaled_sums.hpp"

namespace lmsurv {
namespace {

// What each event adds: the hazard and its product with the risk-set mean of each column; and the
// variance of the hazard.
struct Hazards {
  ScaledRanges first, second;

  explicit Hazards(const EventMoments& m)
      : first(m.order().events(), 1 + m.ones()), second(m.order().events(), 1) {
    std::vector<double> lived(m.stride()), terms(1 + m.ones());
    for (int k = 0; k < m.order().events(); ++k) {
      const EventMoments::Event& at = m.event(k);
      if (!(at.deaths.weight > 0)) continue;
      std::fill(lived.begin(), lived.end(), 0.0);
      m.add_lived(k, false, lived.data());
      terms[0] = lived[m.ones()];
      const double* centre = m.design().centre_at(std::size_t(m.order().death_begin[k]));
      for (std::size_t j = 0; j < m.ones(); ++j) {
        terms[1 + j] = m.design().scale()[j] * lived[j] + centre[j] * terms[0];
      }
      first.set(k, -m.log_unit(k), terms.data());
      const double variance = at.terms.square / at.risk / at.risk;
      second.set(k, -2 * m.log_unit(k), &variance);
    }
    first.finish();
    second.finish();
  }
};

// First event of a stratum, latest first, that is not after `time`.
int first_event(const RiskOrder& order, int stratum, double time) {
  const auto begin = order.death_begin.begin();
  const auto found = std::partition_point(
      begin + order.stratum_events[stratum], begin + order.stratum_events[stratum + 1],
      [&](int position) { return order.time[std::size_t(position)] > time; });
  return int(found - begin);
}

}  // namespace

ExpectedEvents expected_events(const std::vector<Column>& columns, const FittedModel& model,
                               const NewRows& rows) {
  const OrderedModel fitted(columns, model);
  const RiskOrder& order = fitted.moments().order();
  const Hazards hazards(fitted.moments());
  const std::size_t p = rows.x ? columns.size() : 0;
  ExpectedEvents out{std::vector<double>(rows.rows), std::vector<double>(rows.rows),
                     RowMatrix(Eigen::Index(rows.rows), Eigen::Index(p))};
  Pacer pacer(model.execution.interrupt);
  std::vector<double> sums(1 + columns.size());
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const int stratum = rows.stratum ? rows.stratum[i] - 1 : 0;
    const int lo = first_event(order, stratum, rows.time[i]);
    const int hi =
        rows.entry ? first_event(order, stratum, rows.entry[i]) : order.stratum_events[stratum + 1];
    const double eta = rows.linear_predictors[i];
    std::fill(sums.begin(), sums.end(), 0.0);
    hazards.first.add_to(lo, hi, eta, sums.data());
    hazards.second.add_to(lo, hi, 2 * eta, &out.variance[i]);
    out.events[i] = sums[0];
    for (std::size_t j = 0; j < p; ++j) {
      out.slope(Eigen::Index(i), Eigen::Index(j)) =
          rows.x[rows.rows * j + i] * sums[0] - sums[1 + j];
    }
    pacer.work(32 * double(sums.size()));
  }
  return out;
}

}  // namespace lmsurv
