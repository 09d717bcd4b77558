#include "rank_events.hpp"

#include <algorithm>
#include <cmath>

namespace lmsurv {
namespace {

double power(double x, double exponent) {
  if (exponent == 0) return 1;
  return exponent == 1 ? x : std::pow(x, exponent);
}

// From the earliest event of a stratum to the latest, v by the curve of all groups together.
class PooledCurve {
 public:
  explicit PooledCurve(const RankTestOptions& options) : options_(options) {}

  double next(double at_risk, double deaths) {
    if (options_.weight != TestWeight::fleming_harrington) {
      survival_ *= (at_risk - deaths + 1) / (at_risk + 1);
      return options_.weight == TestWeight::peto ? survival_
                                                 : survival_ * (at_risk / (at_risk + 1));
    }
    const double weight = power(survival_, options_.rho) * power(failed_, options_.gamma);
    failed_ += survival_ * (deaths / at_risk);
    survival_ *= std::max(0.0, at_risk - deaths) / at_risk;
    return weight;
  }

 private:
  const RankTestOptions& options_;
  double survival_ = 1, failed_ = 0;  // failed_ = 1 - survival_, with its own digits
};

}  // namespace

RankEvents::RankEvents(const Response& response, const RiskOrder& order, const int* group,
                       int groups)
    : order_(order), groups_(groups), group_(order.rows()) {
  for (std::size_t i = 0; i < order.rows(); ++i) group_[i] = group[order.row[i]] - 1;
  if (!response.weight) return;
  weight_.resize(order.rows());
  for (std::size_t i = 0; i < order.rows(); ++i) weight_[i] = response.weight[order.row[i]];
}

void RankEvents::add_up(EventCounts& counts) const {
  counts.all_at_risk = 0;
  for (const double at_risk : counts.at_risk) counts.all_at_risk += at_risk;
}

void RankEvents::count_deaths(int event, EventCounts& counts) const {
  std::fill(counts.deaths.begin(), counts.deaths.end(), 0.0);
  counts.all_deaths = 0;
  for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
    counts.deaths[std::size_t(group_at(i))] += weight_at(i);
    counts.all_deaths += weight_at(i);
  }
}

void RankEvents::leave(int event, std::vector<Tally>& tallies, EventCounts& counts) const {
  if (!order_.delayed_entry()) return;
  for (int l = order_.leave_begin[event]; l < order_.leave_begin[event + 1]; ++l) {
    change(order_.leaving[l], -1, tallies, counts);
  }
}

std::vector<double> test_weights(const RankEvents& events, const RankTestOptions& options) {
  const RiskOrder& order = events.order();
  std::vector<double> at_risk(std::size_t(order.events())), deaths(at_risk.size());
  std::vector<double> weight(at_risk.size());
  for (int s = 0; s < order.strata(); ++s) {
    events.walk(s, [&](int k, const EventCounts& counts) {
      at_risk[std::size_t(k)] = counts.all_at_risk;
      deaths[std::size_t(k)] = counts.all_deaths;
    });
    PooledCurve curve(options);
    for (int k = order.stratum_events[s + 1] - 1; k >= order.stratum_events[s]; --k) {
      const std::size_t e = std::size_t(k);
      if (at_risk[e] > 0) weight[e] = curve.next(at_risk[e], deaths[e]);
    }
  }
  return weight;
}

}  // namespace lmsurv
