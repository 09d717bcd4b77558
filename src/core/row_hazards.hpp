#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "interval_sums.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_terms.hpp"
#include "scaled_sums.hpp"
#include "wide_risks.hpp"

namespace lmsurv {

// The hazards h and hd of the events (event_terms.hpp) over S0, and what rows live through of them:
//   c_i = r_i (sum of h over the events at which i is at risk; hd instead of h at its own death).
class RowHazards {
 public:
  // All references must outlive this object.
  RowHazards(const RiskOrder& order, const RiskSums& risk_sums, const RowTerms& terms);

  double& survivor(int event) { return survivor_[std::size_t(event)]; }  // h
  double& death(int event) { return death_[std::size_t(event)]; }        // hd

  // Once h is known of all events. wide: null, or the risks in whose units the hazards are.
  void collect(const WideRisks* wide);
  // r becomes c for the rows of a chunk whose hd are known; 0 for those that join the risk set of
  // no event (between the last event of a stratum and its end). r: by position.
  void weigh(const Chunk& rows, double* r) const;
  void forget_sums();

 private:
  void weigh_nested(const Chunk& rows, double* r) const;
  void weigh_interval(const Chunk& rows, double* r) const;
  void weigh_wide(const Chunk& rows, double* r) const;

  const RiskOrder& order_;
  const RiskSums& risk_sums_;
  const RowTerms& terms_;
  const WideRisks* wide_ = nullptr;
  std::vector<double> survivor_;  // nested, after collect(): the sum of h over the event and
                                  // those after it in its stratum
  std::vector<double> death_;
  std::unique_ptr<RangeSums> intervals_;  // with entry times
  std::unique_ptr<ScaledRanges> scaled_;  // of wide risks
};

}  // namespace lmsurv
