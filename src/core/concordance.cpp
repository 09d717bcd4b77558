#include "concordance.hpp"

#include <cmath>
#include <vector>

#include "risk_order.hpp"
#include "sort_values.hpp"

namespace lmsurv {
namespace {

// Weights at ranks 0..n-1 with sums below a rank, as a Fenwick tree beside the plain values.
class RankWeights {
 public:
  explicit RankWeights(int ranks) : at_(std::size_t(ranks)), tree_(std::size_t(ranks) + 1) {}

  void add(int rank, double weight) {
    at_[rank] += weight;
    total_ += weight;
    for (std::size_t i = std::size_t(rank) + 1; i < tree_.size(); i += i & (~i + 1)) {
      tree_[i] += weight;
    }
  }
  double below(int rank) const {
    double sum = 0;
    for (std::size_t i = std::size_t(rank); i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
  }
  double at(int rank) const { return at_[rank]; }
  double above(int rank) const { return total_ - below(rank) - at_[rank]; }

 private:
  std::vector<double> at_, tree_;
  double total_ = 0;
};

// What the pairs of a row weigh, by kind.
struct Pairs {
  double concordant = 0, discordant = 0, tied = 0;
};

class Counter {
 public:
  Counter(const Response& response, const double* score, const RiskOrder& order,
          const ConcordanceOptions& options)
      : order_(order),
        options_(options),
        weight_(order.rows(), 1.0),
        rank_(order.rows()),
        pairs_(order.rows()) {
    for (std::size_t i = 0; i < order.rows() && response.weight; ++i) {
      weight_[i] = response.weight[order.row[i]];
    }
    rank_scores(score, options.execution);
  }

  Concordance count() {
    for (int s = 0; s < order_.strata(); ++s) {
      if (order_.stratum_events[s] == order_.stratum_events[s + 1]) continue;
      count_deaths(s);
      count_survivors(s);
    }
    finish();
    return result_;
  }

 private:
  // Dense ranks within the stratum.
  void rank_scores(const double* score, const Execution& execution) {
    const std::vector<int> by_score = sort_values(score, order_.rows(), false, execution).index;
    std::vector<int> position(order_.rows());
    for (std::size_t i = 0; i < order_.rows(); ++i) position[order_.row[i]] = static_cast<int>(i);
    std::vector<int> stratum(order_.rows());
    for (int s = 0; s < order_.strata(); ++s) {
      for (int i = order_.stratum_begin[s]; i < order_.stratum_begin[s + 1]; ++i) stratum[i] = s;
    }
    ranks_.assign(std::size_t(order_.strata()), 0);
    std::vector<double> last(ranks_.size());
    for (const int row : by_score) {
      const int i = position[row];
      int& ranks = ranks_[stratum[i]];
      if (ranks == 0 || score[row] != last[stratum[i]]) ++ranks;
      last[stratum[i]] = score[row];
      rank_[i] = ranks - 1;
    }
  }

  int risk_begin(int event, int s) const {
    return event == order_.stratum_events[s] ? order_.stratum_begin[s] : order_.risk_end[event - 1];
  }
  bool dies_at(int event, int i) const {
    return i >= order_.death_begin[event] && i < order_.death_end[event];
  }
  bool ever_at_risk(int i) const {
    return !order_.delayed_entry() || order_.join[i] < order_.leave[i];
  }

  template <class Action>
  void for_survivors_joining(int event, int s, Action action) const {
    for (int i = risk_begin(event, s); i < order_.risk_end[event]; ++i) {
      if (!dies_at(event, i) && ever_at_risk(i)) action(i);
    }
  }
  // The rows whose last event is `event`.
  template <class Action>
  void for_rows_leaving(int event, Action action) const {
    if (!order_.delayed_entry()) return;
    for (int l = order_.leave_begin[event]; l < order_.leave_begin[event + 1]; ++l) {
      action(order_.leaving[l]);
    }
  }

  void pause(int event) const {
    if (options_.execution.interrupt && event % 65536 == 0) options_.execution.interrupt();
  }

  // Time descending: each death meets the rows that are at risk at its time and do not die then.
  void count_deaths(int s) {
    RankWeights at_risk(ranks_[s]);
    RankWeights together(ranks_[s]);
    const auto join = [&](int i) { at_risk.add(rank_[i], weight_[i]); };
    for (int k = order_.stratum_events[s]; k < order_.stratum_events[s + 1]; ++k) {
      pause(k);
      for_survivors_joining(k, s, join);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        pairs_[i] = {at_risk.below(rank_[i]), at_risk.above(rank_[i]), at_risk.at(rank_[i])};
        result_.concordant += weight_[i] * pairs_[i].concordant;
        result_.discordant += weight_[i] * pairs_[i].discordant;
        result_.tied_score += weight_[i] * pairs_[i].tied;
      }
      count_tied_times(k, together);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) join(i);
      for_rows_leaving(k, [&](int i) { at_risk.add(rank_[i], -weight_[i]); });
    }
  }

  void count_tied_times(int event, RankWeights& together) {
    const int begin = order_.death_begin[event];
    const int end = order_.death_end[event];
    for (int i = begin; i < end && options_.frequency; ++i) {
      result_.tied_both += weight_[i] * (weight_[i] - 1) / 2;
    }
    if (end - begin < 2) return;
    for (int i = begin; i < end; ++i) {
      result_.tied_both += weight_[i] * together.at(rank_[i]);
      result_.tied_time += weight_[i] * (together.below(rank_[i]) + together.above(rank_[i]));
      together.add(rank_[i], weight_[i]);
    }
    for (int i = begin; i < end; ++i) together.add(rank_[i], -weight_[i]);
  }

  // Time ascending: each row meets the deaths since its entry, those at its own time only if it is
  // censored then.
  void count_survivors(int s) {
    RankWeights dead(ranks_[s]);
    const auto meet = [&](int i, double sign) {
      pairs_[i].concordant += sign * dead.above(rank_[i]);
      pairs_[i].discordant += sign * dead.below(rank_[i]);
      pairs_[i].tied += sign * dead.at(rank_[i]);
    };
    for (int k = order_.stratum_events[s + 1] - 1; k >= order_.stratum_events[s]; --k) {
      pause(k);
      for_rows_leaving(k, [&](int i) { meet(i, -1); });
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) meet(i, 1);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        dead.add(rank_[i], weight_[i]);
      }
      for_survivors_joining(k, s, [&](int i) { meet(i, 1); });
    }
  }

  void finish() {
    const double pairs = result_.concordant + result_.discordant + result_.tied_score;
    result_.index = (result_.concordant + result_.tied_score / 2) / pairs;
    const double somers_d = (result_.concordant - result_.discordant) / pairs;
    std::vector<double> clusters(std::size_t(options_.clusters));
    double sum = 0;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const Pairs& p = pairs_[i];
      const double w = weight_[i];
      const double influence =
          (p.concordant - p.discordant - somers_d * (p.concordant + p.discordant + p.tied)) /
          (2 * pairs);
      if (options_.cluster) {
        clusters[std::size_t(options_.cluster[order_.row[i]] - 1)] += w * influence;
      } else {
        sum += (options_.frequency ? w : w * w) * influence * influence;
      }
    }
    for (const double d : clusters) sum += d * d;
    result_.standard_error = std::sqrt(sum);
  }

  const RiskOrder& order_;
  const ConcordanceOptions& options_;
  std::vector<double> weight_;
  std::vector<int> rank_;
  std::vector<int> ranks_;
  std::vector<Pairs> pairs_;
  Concordance result_;
};

}  // namespace

Concordance concordance(const Response& response, const double* score,
                        const ConcordanceOptions& options) {
  const RiskOrder order = build_risk_order(response, options.merge_close_times, options.execution);
  return Counter(response, score, order, options).count();
}

}  // namespace lmsurv
