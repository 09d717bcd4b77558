#include "baseline_hazard.hpp"

#include <algorithm>
#include <cmath>

#include "ordered_model.hpp"

namespace lmsurv {
namespace {

// Weight of the rows of a stratum that have not entered by each of its times, times descending:
// they count as at risk by their exit time alone and are taken off.
class NotEntered {
 public:
  NotEntered(const EventMoments& m, int stratum)
      : m_(m),
        begin_(m.order().stratum_begin[stratum]),
        next_(m.order().delayed_entry() ? m.order().stratum_begin[stratum + 1] : begin_) {}

  double at(double time) {
    for (; next_ > begin_; --next_) {
      const int latest = m_.order().by_entry[std::size_t(next_ - 1)];
      if (m_.order().entry[std::size_t(latest)] < time) break;
      weight_ += m_.terms().weight_at(std::size_t(latest));
    }
    return weight_;
  }

 private:
  const EventMoments& m_;
  const int begin_;
  int next_;
  double weight_ = 0;
};

// Calls visit(begin, end) for each time of a stratum, the latest first, with the positions of its
// rows.
template <class Visit>
void for_each_time(const RiskOrder& order, int s, const Visit& visit) {
  for (int begin = order.stratum_begin[s], end = begin; begin < order.stratum_begin[s + 1];
       begin = end) {
    while (end < order.stratum_begin[s + 1] && order.time[end] == order.time[begin]) ++end;
    visit(begin, end);
  }
}

// Appends the times of a stratum, latest first; event[t] is the event at a time, or -1.
void append_times(const RiskOrder& order, int s, BaselineHazard& out, std::vector<int>& event) {
  int k = order.stratum_events[s];
  for_each_time(order, s, [&](int begin, int) {
    const bool dies = k < order.stratum_events[s + 1] && order.death_begin[k] == begin;
    out.time.push_back(order.time[begin]);
    out.stratum.push_back(s + 1);
    event.push_back(dies ? k++ : -1);
  });
}

// The counts at these times, in the same order.
void append_counts(const EventMoments& m, int s, BaselineHazard& out) {
  NotEntered not_entered(m, s);
  double followed = 0;
  for_each_time(m.order(), s, [&](int begin, int end) {
    double events = 0, censored = 0;
    for (int i = begin; i < end; ++i) {
      (m.order().status[i] ? events : censored) += m.terms().weight_at(std::size_t(i));
    }
    followed += events + censored;
    out.at_risk.push_back(followed - not_entered.at(m.order().time[begin]));
    out.events.push_back(events);
    out.censored.push_back(censored);
  });
}

template <class T>
void reverse_from(std::vector<T>& values, std::size_t begin) {
  std::reverse(values.begin() + static_cast<std::ptrdiff_t>(begin), values.end());
}

}  // namespace

BaselineHazard baseline_hazard(const std::vector<Column>& columns, const FittedModel& model,
                               const std::vector<double>& means, bool counts) {
  const OrderedModel fitted(columns, model);
  const EventMoments& m = fitted.moments();
  const Eigen::Index p = static_cast<Eigen::Index>(m.ones());
  BaselineHazard out;
  std::vector<int> event;
  for (int s = 0; s < m.order().strata(); ++s) {
    const std::size_t begin = out.time.size();
    append_times(m.order(), s, out, event);
    reverse_from(out.time, begin);
    reverse_from(event, begin);
    if (!counts) continue;
    append_counts(m, s, out);
    reverse_from(out.at_risk, begin);
    reverse_from(out.events, begin);
    reverse_from(out.censored, begin);
  }
  const std::size_t times = out.time.size();
  out.hazard.resize(times);
  out.cumulative.resize(times);
  out.variance.resize(times);
  out.drift = RowMatrix::Zero(static_cast<Eigen::Index>(times), p);
  std::vector<double> lived(m.stride());
  for (std::size_t t = 0; t < times; ++t) {
    const bool first = t == 0 || out.stratum[t] != out.stratum[t - 1];
    const Eigen::Index row = static_cast<Eigen::Index>(t);
    if (!first) {
      out.cumulative[t] = out.cumulative[t - 1];
      out.variance[t] = out.variance[t - 1];
      out.drift.row(row) = out.drift.row(row - 1);
    }
    if (event[t] < 0 || m.event(event[t]).deaths.weight <= 0) continue;
    std::fill(lived.begin(), lived.end(), 0.0);
    m.add_lived(event[t], false, lived.data());
    const double unit = std::exp(-m.log_unit(event[t]));
    for (double& part : lived) part *= unit;
    out.hazard[t] = lived[m.ones()];
    out.cumulative[t] += out.hazard[t];
    const EventMoments::Event& at = m.event(event[t]);
    out.variance[t] += at.terms.square / at.risk / at.risk * unit * unit;
    const double* centre = m.design().centre_at(std::size_t(m.order().death_begin[event[t]]));
    for (Eigen::Index j = 0; j < p; ++j) {
      const std::size_t column = std::size_t(j);
      out.drift(row, j) += m.design().scale()[column] * lived[column] +
                           (centre[column] - means[column]) * out.hazard[t];
    }
  }
  return out;
}

}  // namespace lmsurv
