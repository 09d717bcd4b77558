#pragma once

#include <vector>

#include "rank_options.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// A sum of terms that are also taken away again: the rounding error of each addition is kept beside
// it (Knuth's TwoSum), so that little weights are not lost under great ones that have left.
class BalancedSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    const double part = sum - sum_;
    error_ += (sum_ - (sum - part)) + (x - part);
    sum_ = sum;
  }
  double value() const { return sum_ + error_; }

 private:
  double sum_ = 0, error_ = 0;
};

// Who is at risk and who dies, by group. at_risk and deaths: K sums of weights; the totals are
// sums of theirs.
struct EventCounts {
  std::vector<double> at_risk, deaths;
  double all_at_risk = 0, all_deaths = 0;
};

// Rows in time order with their groups and weights, and a walk over the events of a stratum.
class RankEvents {
 public:
  RankEvents(const Response& response, const RiskOrder& order, const int* group, int groups);

  const RiskOrder& order() const { return order_; }
  int groups() const { return groups_; }
  int group_at(int position) const { return group_[std::size_t(position)]; }  // from 0
  double weight_at(int position) const {
    return weight_.empty() ? 1.0 : weight_[std::size_t(position)];
  }

  // visit(k, counts) at each event of a stratum, latest first. O(rows), with weights
  // O(rows + events groups).
  template <class Visit>
  void walk(int stratum, Visit visit) const {
    const std::size_t groups = std::size_t(groups_);
    EventCounts counts{std::vector<double>(groups), std::vector<double>(groups), 0, 0};
    std::vector<Tally> tallies(weight_.empty() ? 0 : groups);
    int joined = order_.stratum_begin[stratum];
    for (int k = order_.stratum_events[stratum]; k < order_.stratum_events[stratum + 1]; ++k) {
      for (; joined < order_.risk_end[k]; ++joined) {
        if (ever_at_risk(joined)) change(joined, 1, tallies, counts);
      }
      if (!weight_.empty()) add_up(counts);
      count_deaths(k, counts);
      visit(k, counts);
      leave(k, tallies, counts);
    }
  }

 private:
  struct Tally {
    BalancedSum weight;
    int rows = 0;
  };

  bool ever_at_risk(int position) const {
    return !order_.delayed_entry() || order_.join[position] < order_.leave[position];
  }
  // A row joins the risk set (sign 1) or leaves it (-1).
  void change(int position, int sign, std::vector<Tally>& tallies, EventCounts& counts) const {
    const std::size_t g = std::size_t(group_at(position));
    if (weight_.empty()) {
      counts.at_risk[g] += sign;
      counts.all_at_risk += sign;
      return;
    }
    Tally& tally = tallies[g];
    tally.rows += sign;
    tally.weight.add(sign * weight_at(position));
    if (tally.rows == 0) tally.weight = BalancedSum();
    counts.at_risk[g] = tally.weight.value();
  }
  void add_up(EventCounts& counts) const;
  void count_deaths(int event, EventCounts& counts) const;
  void leave(int event, std::vector<Tally>& tallies, EventCounts& counts) const;

  const RiskOrder& order_;
  int groups_;
  std::vector<int> group_;      // by position, from 0
  std::vector<double> weight_;  // by position; empty: 1
};

// v of rank_options.hpp for every event, 0 where nobody at risk has weight. Cost O(n + events
// groups).
std::vector<double> test_weights(const RankEvents& events, const RankTestOptions& options);

}  // namespace lmsurv
