#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "deaths.hpp"
#include "design.hpp"
#include "event_terms.hpp"
#include "interval_sums.hpp"
#include "parallel.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_terms.hpp"
#include "scaled_sums.hpp"
#include "wide_risks.hpp"

namespace lmsurv {

// What the events of a model are at given linear predictors, for residuals, the sandwich, the
// baseline hazard and Firth's penalty. All vectors are in the coordinates of the standardised
// design, `stride` long, with a number of their own in the column of ones.
class EventMoments {
 public:
  struct Event {
    Deaths deaths{0, 0, 0};
    EventTerms terms{};  // zeros without deaths of any weight
    double risk = 1;     // S0, in the unit of the event
  };

  // r: w exp(eta), by position. wide: null, or the risks at each event in its unit; r is then read
  // for the deaths alone. All but `ties` must outlive this object.
  EventMoments(const RiskOrder& order, const RowTerms& terms, const StandardDesign& design,
               const RiskSums& risk_sums, Ties ties, const std::vector<double>& r,
               const WideRisks* wide);

  const RiskOrder& order() const { return order_; }
  const RowTerms& terms() const { return terms_; }
  const StandardDesign& design() const { return design_; }
  const RiskSums& risk_sums() const { return risk_sums_; }
  std::size_t stride() const { return design_.stride(); }
  std::size_t ones() const { return design_.columns(); }
  const WideRisks* wide() const { return wide_; }
  // What makes of the hazard that a row has lived through its expected events: w exp(eta), or w
  // where the hazard has been counted in the row's own unit.
  double weighted_risk(int position) const {
    return wide_ ? terms_.weight_at(std::size_t(position)) : r_[std::size_t(position)];
  }
  double log_unit(int k) const { return wide_ ? wide_->log_unit(k) : 0; }

  const Event& event(int k) const { return events_[std::size_t(k)]; }
  // M = S1 / S0, and 1.
  const double* risk_mean(int k) const { return &risk_mean_[stride() * std::size_t(k)]; }
  // D = D1 / S0, and D0 / S0; null where the deaths are not tied, or by Breslow.
  const double* tied_mean(int k) const;

  // out += sum of h m over the steps of event k, and of h: what a survivor lives through, or with
  // the share of a tied death what one of the deaths does. In the unit of the event.
  void add_lived(int k, bool dies, double* out) const;
  // out -= mean of the columns over the risk set of event k, averaged over the steps
  void subtract_mean(int k, double* out) const;

 private:
  class Walk;

  const RiskOrder& order_;
  const RowTerms& terms_;
  const StandardDesign& design_;
  const RiskSums& risk_sums_;
  const std::vector<double>& r_;
  const WideRisks* wide_;
  std::vector<Event> events_;
  std::vector<double> risk_mean_;
  std::vector<int> tied_;  // d: place among the tied events, or -1
  std::vector<double> tied_mean_;
};

// Sums what a row has lived through, from a given event of its stratum to its entry. Where risks
// are wide, in the row's own unit.
class LivedThrough {
 public:
  explicit LivedThrough(const EventMoments& moments);

  // out += what the row at a position that joins at `joined` lives through; dies: at its first
  // event
  void add_to(int position, int joined, bool dies, double* out) const;

 private:
  void add_survived(int position, int event, double* out) const;
  void add_wide(int position, int joined, bool dies, double* out) const;

  const EventMoments& moments_;
  std::unique_ptr<RangeSums> ranges_;   // with entry times
  std::vector<double> later_;           // without: sums over an event and those after it in order
  std::unique_ptr<ScaledRanges> wide_;  // of wide risks
};

// Visits every row that may be at risk at an event, with what it has lived through.
class RowWalk {
 public:
  RowWalk(const EventMoments& moments, const Execution& execution)
      : m_(moments), lived_(moments), execution_(execution) {}

  std::size_t chunks() const { return m_.risk_sums().chunks().size(); }

  // action(chunk, position, event or -1, lived): event is that at which the row dies.
  template <class Action>
  void for_each(Action action) const {
    parallel_for(chunks(), execution_, [&](std::size_t c, const auto& pause) {
      Pacer pacer(pause);
      const Chunk& chunk = m_.risk_sums().chunks()[c];
      std::vector<double> lived(m_.stride());
      for (int k = chunk.event_begin; k < chunk.event_end; ++k) {
        for (int i = m_.risk_sums().risk_begin(k); i < m_.order().risk_end[k]; ++i) {
          const bool dies = i >= m_.order().death_begin[k] && i < m_.order().death_end[k];
          std::fill(lived.begin(), lived.end(), 0.0);
          lived_.add_to(i, k, dies, lived.data());
          action(c, i, dies ? k : -1, lived.data());
          pacer.work(double(m_.stride() * m_.stride()) / 4);
        }
      }
    });
  }

 private:
  const EventMoments& m_;
  const LivedThrough lived_;
  const Execution& execution_;
};

}  // namespace lmsurv
