#include "cumulative_incidence.hpp"

#include <algorithm>
#include <cmath>

#include "compensated_sum.hpp"
#include "incidence_variance.hpp"
#include "single_rows.hpp"
#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

constexpr int kPause = 65536;  // steps between two questions whether to go on

// The first touch of new memory takes longer than the arithmetic: one thread may do it for another.
void touch(double* column, std::size_t n) {
  constexpr std::size_t kPage = 4096 / sizeof(double);
  for (std::size_t i = 0; i < n; i += kPage) column[i] = 0;
}

class Curves {
 public:
  Curves(const Response& response, const CurvePoints& points,
         const CumulativeIncidenceOptions& options, const IncidenceColumns& columns)
      : response_(response),
        order_(points.order),
        begin_(points.begin),
        options_(options),
        execution_(for_work(options.execution, response.rows, worth_a_thread::kRowsOfACurve)),
        out_(columns),
        causes_(std::size_t(options.causes)) {
    lone_rows_ = options.variance == IncidenceVariance::jackknife && !options.cluster &&
                 !order_.delayed_entry();
    const std::size_t steps = begin_.back();
    if (response.weight || order_.delayed_entry()) survivors_.resize(steps);
    if (lone_rows_ && response.weight && !options.frequency) {
      squares_.assign(causes_ + 2, std::vector<double>(steps));
      for (std::size_t k = 0; k < causes_; ++k) square_events_.push_back(squares_[k + 1].data());
    }
  }

  void fit() {
    if (!lone_rows_) read_rows();
    const std::size_t strata = std::size_t(order_.strata());
    parallel_for(strata + out_.std_err.size(), execution_, [&](std::size_t task) {
      if (task < strata) return count(int(task));
      touch(out_.std_err[task - strata], begin_.back());
      touch(out_.probability[task - strata], begin_.back());
    });
    parallel_for(strata, execution_, [&](std::size_t s) { estimate_probabilities(int(s)); });
    if (lone_rows_) {
      parallel_for(strata * causes_, execution_,
                   [&](std::size_t task) { lone_rows_std_err(task / causes_, task % causes_); });
    } else {
      for (int s = 0; s < order_.strata(); ++s) estimate_variance(s);
    }
  }

 private:
  double weight(int position) const {
    return response_.weight ? response_.weight[order_.row[position]] : 1;
  }

  void read_rows() {
    rows_.resize(order_.rows());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const int row = order_.row[i];
      rows_[i].cause = order_.status[i];
      rows_[i].weight = weight(int(i));
      rows_[i].cluster = options_.cluster ? options_.cluster[row] - 1 : int(i);
    }
  }

  // Calls visit(step, begin, end) for each step of a stratum, the latest first, with the positions
  // of its rows.
  template <class Visit>
  void for_each_step(int s, const Visit& visit) const {
    std::size_t step = begin_[s + 1];
    const int last = order_.stratum_begin[s + 1];
    for (int begin = order_.stratum_begin[s], end = begin; begin < last; begin = end) {
      while (end < last && order_.time[end] == order_.time[begin]) ++end;
      visit(--step, begin, end);
    }
  }

  // Time descending: without entry times the weight at risk is a sum of positive terms, and what is
  // left of it without any row is 0 exactly.
  void count(int s) {
    CompensatedSum at_risk;  // weight of rows that have entered and leave later
    double square = 0;
    int rows = 0;  // those of them with a weight
    int entry = order_.stratum_begin[s + 1] - 1;
    for_each_step(s, [&](std::size_t step, int begin, int end) {
      const double time = order_.time[begin];
      for (; order_.delayed_entry() && entry >= order_.stratum_begin[s] &&
             order_.entry[order_.by_entry[entry]] >= time;
           --entry) {
        const double w = rows_[order_.by_entry[entry]].weight;
        at_risk.add(-w);
        rows -= w > 0;
      }
      if (rows == 0) at_risk.reset();
      double died = 0, censored = 0;
      for (int i = begin; i < end; ++i) {
        const double w = weight(i);
        if (order_.status[i] > 0) out_.events[order_.status[i] - 1][step] += w;
        (order_.status[i] > 0 ? died : censored) += w;
      }
      if (!squares_.empty()) count_squares(step, begin, end, square);
      out_.time[step] = time;
      out_.censored[step] = censored;
      if (survivors_.empty()) {
        out_.at_risk[step] = end - order_.stratum_begin[s];
        return;
      }
      survivors_[step] = at_risk.value() + censored;
      out_.at_risk[step] = survivors_[step] + died;
      for (int i = begin; i < end; ++i) {
        at_risk.add(weight(i));
        rows += weight(i) > 0;
      }
    });
  }

  void count_squares(std::size_t step, int begin, int end, double& at_risk) {
    for (int i = begin; i < end; ++i) {
      const double square = weight(i) * weight(i);
      squares_[std::size_t(order_.status[i])][step] += square;
      at_risk += square;
    }
    squares_.back()[step] = at_risk;
  }

  double events(std::size_t step) const {
    double sum = 0;
    for (const double* cause : out_.events) sum += cause[step];
    return sum;
  }
  double survivors(std::size_t step) const {
    return survivors_.empty() ? out_.at_risk[step] - events(step) : survivors_[step];
  }

  void estimate_probabilities(int s) {
    double none = 1;
    std::vector<double> incidence(causes_), hazard(causes_);
    for (std::size_t step = begin_[s]; step < begin_[s + 1]; ++step) {
      const double at_risk = out_.at_risk[step];
      const bool event = events(step) > 0;
      for (std::size_t k = 0; k < causes_; ++k) {
        if (event) {
          const double rate = out_.events[k][step] / at_risk;
          incidence[k] += none * rate;
          hazard[k] += rate;
        }
        out_.probability[k + 1][step] = incidence[k];
        out_.hazard[k][step] = hazard[k];
      }
      if (event) none *= survivors(step) / at_risk;
      out_.probability[0][step] = none;
    }
  }

  double none_before(int s, std::size_t step) const {
    return step > begin_[s] ? out_.probability[0][step - 1] : 1;
  }

  void lone_rows_std_err(std::size_t s, std::size_t cause) {
    const auto& squares = squares_.empty() ? out_.events : square_events_;
    const double* square_censored = squares_.empty() ? out_.censored : squares_[0].data();
    const double* square_at_risk = squares_.empty() ? out_.at_risk : squares_.back().data();
    LoneRows jackknife(cause == 0);
    for (std::size_t step = begin_[s]; step < begin_[s + 1]; ++step) {
      LoneStep now;
      now.before = none_before(int(s), step);
      now.after = out_.probability[0][step];
      now.at_risk = out_.at_risk[step];
      now.survivors = survivors(step);
      for (std::size_t k = 0; k < causes_; ++k) {
        (k == cause ? now.own : now.others) += out_.events[k][step];
        (k == cause ? now.square_own : now.square_others) += squares[k][step];
      }
      now.square_censored = square_censored[step];
      now.square_after = step + 1 < begin_[s + 1] ? square_at_risk[step + 1] : 0;
      jackknife.step(now);
      out_.std_err[cause + 1][step] = jackknife.of_cause();
      if (cause == 0) out_.std_err[0][step] = jackknife.of_none();
    }
  }

  // What is still to come of each F_k after a step, as sums of its increments.
  void find_remaining(int s) {
    remaining_.resize((begin_[s + 1] - begin_[s]) * causes_);
    std::vector<double> incidence(causes_);
    for (std::size_t step = begin_[s + 1]; step-- > begin_[s];) {
      double* to_come = &remaining_[(step - begin_[s]) * causes_];
      for (std::size_t k = 0; k < causes_; ++k) {
        to_come[k] = incidence[k];
        if (out_.events[k][step] > 0) {
          incidence[k] += none_before(s, step) * (out_.events[k][step] / out_.at_risk[step]);
        }
      }
    }
  }

  IncidenceStep step_of(int s, std::size_t step) const {
    IncidenceStep out;
    out.before = none_before(s, step);
    out.after = out_.probability[0][step];
    out.at_risk = out_.at_risk[step];
    out.survivors = survivors(step);
    out.died = events(step);
    out.to_come = &remaining_[(step - begin_[s]) * causes_];
    return out;
  }

  void estimate_variance(int s) {
    find_remaining(s);
    if (options_.variance == IncidenceVariance::aalen) {
      AalenVariance variance(options_.causes);
      return run(s, variance);
    }
    if (influence_.causes() == 0) {
      const std::size_t units = options_.cluster ? std::size_t(options_.clusters) : rows_.size();
      influence_ = Influence(options_.causes, units, options_.frequency);
    }
    influence_.start(rows_.data() + order_.stratum_begin[s],
                     rows_.data() + order_.stratum_begin[s + 1]);
    run(s, influence_);
  }

  template <class Variance>
  void run(int s, Variance& variance) {
    std::vector<double> events(causes_);
    const int last = order_.stratum_begin[s + 1];
    int entry = order_.stratum_begin[s], end = last;
    if (!order_.delayed_entry()) {
      for (; entry < last; ++entry) variance.enter(rows_[entry]);
    }
    for (std::size_t step = begin_[s]; step < begin_[s + 1]; ++step) {
      if (step % kPause == 0) options_.execution.pause();
      const double time = out_.time[step];
      for (; entry < last && order_.entry[order_.by_entry[entry]] < time; ++entry) {
        variance.enter(rows_[order_.by_entry[entry]]);
      }
      const IncidenceStep now = step_of(s, step);
      for (std::size_t k = 0; k < causes_; ++k) events[k] = out_.events[k][step];
      if (now.died > 0) variance.step(now, events.data());
      int i = end - 1;
      while (i > order_.stratum_begin[s] && order_.time[i - 1] == time) --i;
      const int begin = i;
      for (; i < end && rows_[i].cause > 0; ++i) variance.die(rows_[i], now);
      for (std::size_t k = 0; k <= causes_; ++k) {
        out_.std_err[k][step] = std::sqrt(variance.at(int(k), now));
      }
      for (; i < end; ++i) variance.leave(rows_[i], now);
      end = begin;
    }
  }

  const Response& response_;
  const RiskOrder& order_;
  const std::vector<std::size_t>& begin_;  // of the curves' steps
  const CumulativeIncidenceOptions& options_;
  const Execution execution_;
  const IncidenceColumns& out_;
  const std::size_t causes_;
  bool lone_rows_ = false;
  std::vector<double> survivors_;             // T: at risk without those who have their event;
                                              //   empty: the difference, of whole numbers
  std::vector<std::vector<double>> squares_;  // of weights, where they are no counts: censored,
                                              //   each cause, at risk
  std::vector<double*> square_events_;        // of them those of each cause
  std::vector<StepRow> rows_;                 // by position
  std::vector<double> remaining_;             // steps of a curve x K: F_k(end) - F_k(step)
  Influence influence_;
};

}  // namespace

void fit_incidence(const Response& response, const CurvePoints& points,
                   const CumulativeIncidenceOptions& options, const IncidenceColumns& columns) {
  if (is_single_rows(response, options)) {
    estimate_single_rows(points, options, columns);
    count_single_rows(points, columns);
  } else {
    Curves(response, points, options, columns).fit();
  }
}

}  // namespace lmsurv
