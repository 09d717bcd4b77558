#include "restricted_mean.hpp"

#include <algorithm>

#include "risk_order.hpp"

namespace lmsurv {
namespace {

// An event and the curve just after it.
struct Drop {
  double time, deaths, at_risk, survival;
};

class StratumCurve {
 public:
  StratumCurve(const RiskOrder& order, const Response& response)
      : order_(order), response_(response) {}

  // The events of a stratum up to tau, by time ascending.
  std::vector<Drop> drops(int s, double tau) const {
    std::vector<Drop> out;
    double at_risk = 0;
    int joined = order_.stratum_begin[s];
    for (int k = order_.stratum_events[s]; k < order_.stratum_events[s + 1]; ++k) {
      for (; joined < order_.risk_end[k]; ++joined) {
        if (ever_at_risk(joined)) at_risk += weight(joined);
      }
      double deaths = 0;
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) deaths += weight(i);
      const double time = order_.time[order_.death_begin[k]];
      if (time <= tau && deaths > 0) out.push_back({time, deaths, at_risk, 0});
      at_risk -= weight_leaving(k);
    }
    std::reverse(out.begin(), out.end());
    double survival = 1;
    for (Drop& drop : out) {
      survival *= (drop.at_risk - drop.deaths) / drop.at_risk;
      drop.survival = survival;
    }
    return out;
  }

  double weight(int position) const {
    return response_.weight ? response_.weight[order_.row[position]] : 1.0;
  }

 private:
  bool ever_at_risk(int i) const {
    return !order_.delayed_entry() || order_.join[i] < order_.leave[i];
  }
  double weight_leaving(int event) const {
    double sum = 0;
    if (!order_.delayed_entry()) return sum;
    for (int l = order_.leave_begin[event]; l < order_.leave_begin[event + 1]; ++l) {
      sum += weight(order_.leaving[l]);
    }
    return sum;
  }

  const RiskOrder& order_;
  const Response& response_;
};

}  // namespace

RestrictedMean restricted_mean(const Response& response, double tau, bool merge_close_times,
                               const Execution& execution) {
  const RiskOrder order = build_risk_order(response, merge_close_times, execution);
  const StratumCurve curve(order, response);
  RestrictedMean out;
  for (int s = 0; s < order.strata(); ++s) {
    execution.pause();
    double rows = 0, events = 0;
    for (int i = order.stratum_begin[s]; i < order.stratum_begin[s + 1]; ++i) {
      rows += curve.weight(i);
    }
    const std::vector<Drop> drops = curve.drops(s, tau);
    double area = 0, lost = 0, variance = 0;
    double end = tau;
    for (auto drop = drops.rbegin(); drop != drops.rend(); ++drop) {
      area += drop->survival * (end - drop->time);
      lost += (1 - drop->survival) * (end - drop->time);
      const double left = drop->at_risk - drop->deaths;
      if (left > 0) variance += area / drop->at_risk * (area / left) * drop->deaths;
      events += drop->deaths;
      end = drop->time;
    }
    out.mean.push_back(area + end);
    out.lost.push_back(lost);
    out.variance.push_back(variance);
    out.survival.push_back(drops.empty() ? 1 : drops.back().survival);
    out.rows.push_back(rows);
    out.events.push_back(events);
  }
  return out;
}

}  // namespace lmsurv
