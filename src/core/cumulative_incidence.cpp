#include "cumulative_incidence.hpp"

#include <algorithm>

#include "incidence_variance.hpp"
#include "risk_order.hpp"
#include "sort_values.hpp"

namespace lmsurv {
namespace {

constexpr int kPause = 65536;  // steps between two questions whether to go on

class Curves {
 public:
  Curves(const Response& response, const CumulativeIncidenceOptions& options)
      : options_(options),
        order_(build_risk_order(response, options.merge_close_times, options.execution)),
        rows_(order_.rows()) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const int row = order_.row[i];
      rows_[i].cause = response.status[row];
      rows_[i].weight = response.weight ? response.weight[row] : 1;
      rows_[i].cluster = options.cluster ? options.cluster[row] - 1 : int(i);
    }
    sort_entries();
    count_steps();
  }

  CumulativeIncidence estimate() {
    for (int s = 0; s < order_.strata(); ++s) {
      count_at_risk(s);
      estimate_probabilities(s);
      estimate_variance(s);
    }
    return std::move(out_);
  }

 private:
  // Positions by stratum, then entry time ascending.
  void sort_entries() {
    if (!order_.delayed_entry()) return;
    const std::vector<int> by_entry = sort_values(order_.entry.data(), rows_.size(), false).index;
    std::vector<int> stratum(rows_.size());
    for (int s = 0; s < order_.strata(); ++s) {
      std::fill(stratum.begin() + order_.stratum_begin[s],
                stratum.begin() + order_.stratum_begin[s + 1], s);
    }
    std::vector<int> next(order_.stratum_begin);
    entering_.resize(rows_.size());
    for (const int i : by_entry) entering_[next[stratum[i]]++] = i;
  }

  // The rows of a step are the positions [step_begin_, step_end_).
  void count_steps() {
    out_.begin.assign(1, 0);
    for (int s = 0; s < order_.strata(); ++s) {
      const std::size_t first = out_.time.size();
      for (int end = order_.stratum_begin[s + 1]; end > order_.stratum_begin[s];) {
        int begin = end - 1;
        while (begin > order_.stratum_begin[s] && order_.time[begin - 1] == order_.time[begin]) {
          --begin;
        }
        out_.time.push_back(order_.time[begin]);
        step_begin_.push_back(begin);
        step_end_.push_back(end);
        end = begin;
      }
      out_.begin.push_back(int(out_.time.size()));
      longest_ = std::max(longest_, out_.time.size() - first);
    }
    const std::size_t steps = out_.time.size();
    const std::size_t causes = std::size_t(options_.causes);
    out_.at_risk.resize(steps);
    out_.censored.resize(steps);
    survivors_.resize(steps);
    out_.events.assign(causes, std::vector<double>(steps));
    out_.hazard = out_.events;
    out_.probability.assign(causes + 1, std::vector<double>(steps));
    out_.variance = out_.probability;
    remaining_.resize(longest_ * causes);
  }

  // Time descending: without entry times the weight at risk is a sum of positive terms, and what is
  // left of it without any row is 0 exactly.
  void count_at_risk(int s) {
    CompensatedSum weight;  // of rows that have entered and leave later
    int rows = 0;           // those of them with a weight
    int entry = order_.stratum_begin[s + 1] - 1;
    for (int step = out_.begin[s + 1] - 1; step >= out_.begin[s]; --step) {
      pause(step);
      const auto not_yet = [&](int i) { return order_.entry[i] >= out_.time[step]; };
      for (; !entering_.empty() && entry >= order_.stratum_begin[s] && not_yet(entering_[entry]);
           --entry) {
        const double w = rows_[entering_[entry]].weight;
        weight.add(-w);
        rows -= w > 0;
      }
      if (rows == 0) weight.reset();
      double died = 0;
      for (int i = step_begin_[step]; i < step_end_[step]; ++i) {
        const StepRow& row = rows_[i];
        if (row.cause > 0) {
          out_.events[row.cause - 1][step] += row.weight;
          died += row.weight;
        } else {
          out_.censored[step] += row.weight;
        }
      }
      survivors_[step] = weight.value() + out_.censored[step];
      out_.at_risk[step] = survivors_[step] + died;
      for (int i = step_begin_[step]; i < step_end_[step]; ++i) {
        weight.add(rows_[i].weight);
        rows += rows_[i].weight > 0;
      }
    }
  }

  double events(int step) const {
    double sum = 0;
    for (const auto& cause : out_.events) sum += cause[step];
    return sum;
  }

  void estimate_probabilities(int s) {
    double none = 1;
    std::vector<double> incidence(out_.events.size()), hazard(out_.events.size());
    for (int step = out_.begin[s]; step < out_.begin[s + 1]; ++step) {
      const double at_risk = out_.at_risk[step];
      const bool event = events(step) > 0;
      for (std::size_t k = 0; k < incidence.size(); ++k) {
        if (event) {
          const double rate = out_.events[k][step] / at_risk;
          incidence[k] += none * rate;
          hazard[k] += rate;
        }
        out_.probability[k + 1][step] = incidence[k];
        out_.hazard[k][step] = hazard[k];
      }
      if (event) none *= survivors_[step] / at_risk;
      out_.probability[0][step] = none;
    }
    // What is still to come of each F_k after a step, as sums of its increments.
    const std::size_t causes = incidence.size();
    std::fill(incidence.begin(), incidence.end(), 0);
    for (int step = out_.begin[s + 1] - 1; step >= out_.begin[s]; --step) {
      const double before = step > out_.begin[s] ? out_.probability[0][step - 1] : 1;
      double* to_come = &remaining_[std::size_t(step - out_.begin[s]) * causes];
      for (std::size_t k = 0; k < causes; ++k) {
        to_come[k] = incidence[k];
        if (out_.events[k][step] > 0) {
          incidence[k] += before * (out_.events[k][step] / out_.at_risk[step]);
        }
      }
    }
  }

  IncidenceStep step_of(int s, int step) const {
    IncidenceStep out;
    out.before = step > out_.begin[s] ? out_.probability[0][step - 1] : 1;
    out.after = out_.probability[0][step];
    out.at_risk = out_.at_risk[step];
    out.survivors = survivors_[step];
    out.died = events(step);
    out.to_come = &remaining_[std::size_t(step - out_.begin[s]) * out_.events.size()];
    return out;
  }

  void estimate_variance(int s) {
    if (options_.variance == IncidenceVariance::aalen) {
      AalenVariance variance(options_.causes);
      run(s, variance);
    } else {
      if (influence_.causes() == 0) {
        const std::size_t units = options_.cluster ? std::size_t(options_.clusters) : rows_.size();
        influence_ = Influence(options_.causes, units, options_.frequency);
      }
      influence_.start(rows_.data() + order_.stratum_begin[s],
                       rows_.data() + order_.stratum_begin[s + 1]);
      run(s, influence_);
    }
  }

  template <class Variance>
  void run(int s, Variance& variance) {
    const std::size_t causes = out_.events.size();
    std::vector<double> events(causes);
    int entry = order_.stratum_begin[s];
    if (entering_.empty()) {
      for (; entry < order_.stratum_begin[s + 1]; ++entry) variance.enter(rows_[entry]);
    }
    for (int step = out_.begin[s]; step < out_.begin[s + 1]; ++step) {
      pause(step);
      for (;
           entry < order_.stratum_begin[s + 1] && order_.entry[entering_[entry]] < out_.time[step];
           ++entry) {
        variance.enter(rows_[entering_[entry]]);
      }
      const IncidenceStep now = step_of(s, step);
      for (std::size_t k = 0; k < causes; ++k) events[k] = out_.events[k][step];
      if (now.died > 0) variance.step(now, events.data());
      int i = step_begin_[step];
      for (; i < step_end_[step] && rows_[i].cause > 0; ++i) variance.die(rows_[i], now);
      for (std::size_t k = 0; k <= causes; ++k) out_.variance[k][step] = variance.at(int(k), now);
      for (; i < step_end_[step]; ++i) variance.leave(rows_[i], now);
    }
  }

  void pause(int step) const {
    if (options_.execution.interrupt && step % kPause == 0) options_.execution.interrupt();
  }

  const CumulativeIncidenceOptions& options_;
  const RiskOrder order_;
  std::vector<StepRow> rows_;  // by position
  std::vector<int> entering_;
  std::vector<int> step_begin_, step_end_;
  std::vector<double> survivors_;  // T: at risk without those who have their event
  std::vector<double> remaining_;  // steps of a curve x K: F_k(end) - F_k(step)
  std::size_t longest_ = 0;
  Influence influence_;
  CumulativeIncidence out_;
};

}  // namespace

CumulativeIncidence cumulative_incidence(const Response& response,
                                         const CumulativeIncidenceOptions& options) {
  return Curves(response, options).estimate();
}

}  // namespace lmsurv
