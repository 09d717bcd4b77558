#pragma once

#include <cstddef>
#include <vector>

#include "parallel.hpp"
#include "response.hpp"
#include "sort_values.hpp"

namespace lmsurv {

// The one sort of the data. A *position* is a row's place by stratum, then time descending, deaths
// before censored rows of the same time, then input order. An *event* is a distinct time within a
// stratum at which somebody died; events are numbered in the order of positions, so within a
// stratum later times come first.
//
// The risk set of event k is
//   right-censored rows:  positions [stratum's first, risk_end[k])
//   with entry times:     those of them with k < leave[position]
// so a row at position i is at risk at the consecutive events [join[i], leave[i]).
//
// Cost: O(n) for the radix sorts, on as many threads as there are; O(n) memory. The same for any
// number of threads.
struct RiskOrder {
  std::vector<int> row;                    // n: input row at a position
  std::vector<double> time;                // n: time at a position, close times merged
  std::vector<int> status;                 // n: status at a position
  std::vector<int> stratum_begin;          // S + 1: positions
  std::vector<std::size_t> stratum_times;  // S + 1: distinct times of the strata before

  // Not of order_rows():
  std::vector<int> stratum_events;  // S + 1: first event of a stratum
  std::vector<int> death_begin;     // d: deaths of event k are the positions
  std::vector<int> death_end;       // d:   [death_begin[k], death_end[k])
  std::vector<int> risk_end;        // d

  // With entry times only:
  std::vector<double> entry;  // n: entry time at a position, close times merged
  std::vector<int> by_entry;  // n: positions by stratum, then entry time ascending
  // and not of order_rows():
  std::vector<int> join;         // n: first event at which the row is at risk
  std::vector<int> leave;        // n: one past the last; leave <= join: never at risk at an event
  std::vector<int> leaving;      // positions of rows at risk at some event, by leave
  std::vector<int> leave_begin;  // d + 1: leaving[leave_begin[k] .. leave_begin[k + 1]) have
                                 //        k as their last event

  bool with_entry = false;
  int merged_times = 0;  // distinct times that were merged with an earlier one

  std::size_t rows() const { return row.size(); }
  int events() const { return static_cast<int>(risk_end.size()); }
  int strata() const { return static_cast<int>(stratum_begin.size()) - 1; }
  bool delayed_entry() const { return with_entry; }
};

// Values of input rows at their positions; of null, none.
std::vector<double> by_position(const double* values, const RiskOrder& order);

// The times of all rows in order, whatever their strata.
struct TimeOrder {
  Sorted time;     // descending, labelled with the status
  Sorted entry;    // ascending; empty without entry times
  int merged = 0;  // distinct times that were merged with an earlier one
};

// Distinct times y (entry times among them) are merged, when `merge_close_times`, by the rule of
// survival's aeqSurv() (Therneau, survival's vignette "Roundoff error and tied times"): neighbours
// whose difference is at most 1.5e-8, absolutely or relative to mean |y|, count as tied.
// Throws InvalidInput when the merge leaves an interval of no length.
TimeOrder order_times(const Response& response, bool merge_close_times,
                      const Execution& execution = Execution());

// The rows alone, without events.
RiskOrder order_rows(const Response& response, TimeOrder times,
                     const Execution& execution = Execution());

RiskOrder build_risk_order(const Response& response, TimeOrder times,
                           const Execution& execution = Execution());
RiskOrder build_risk_order(const Response& response, bool merge_close_times,
                           const Execution& execution = Execution());

}  // namespace lmsurv
