#pragma once

#include <memory>
#include <vector>

#include "design.hpp"
#include "parallel.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_terms.hpp"
#include "scaled_sums.hpp"

namespace lmsurv {

// Whether exp(eta) and sums of it stay clear of the ends of the range of numbers.
constexpr double kWidest = 300;  // |eta|
bool is_wide(const std::vector<double>& eta);

// Risks w exp(eta) of any size: at each event they are counted in a unit of its own, the largest
// risk at risk there, so that nothing overflows and only what is nothing beside it vanishes. Serves
// nested risk sets and those with entry times.
// Cost: O((n + d) stride log d).
class WideRisks {
 public:
  // eta: by position. All references must outlive this object.
  WideRisks(const RiskOrder& order, const RiskSums& risk_sums, const RowTerms& terms,
            const StandardDesign& design, std::vector<double> eta);

  double eta(int position) const { return eta_[std::size_t(position)]; }
  double log_unit(int event) const { return sums_.scale(event); }
  // exp(eta) of a row in the unit of an event.
  double relative(int position, int event) const;
  // w exp(eta) of the deaths, each in the unit of its event; of other rows nothing.
  void fill_deaths(std::vector<double>& r) const;
  // The sum of r over the risk set, and of r z, in the unit of the event.
  double risk(int event) const { return sums_.at(event)[stride_]; }
  void visit(const Execution& execution, EventVisitor& visitor) const;
  // One past the last event at which a row that joins at `event` is at risk.
  int leave(int position, int event) const;

 private:
  const RiskOrder& order_;
  const RiskSums& risk_sums_;
  const RowTerms& terms_;
  std::size_t stride_;
  std::vector<double> eta_;
  std::vector<int> last_;  // by event, nested: one past the last event of its stratum
  ScaledCover sums_;
};

// The risks of a model by position: exp(eta) and w exp(eta). Where they are wide the first are 1,
// the second those of the deaths at their events.
struct Risks {
  std::vector<double> relative, weighted;
  std::unique_ptr<WideRisks> wide;

  Risks(std::vector<double> eta, const RiskOrder& order, const RiskSums& risk_sums,
        const RowTerms& terms, const StandardDesign& design);
};

}  // namespace lmsurv
