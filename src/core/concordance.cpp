#include "concordance.hpp"

#include <algorithm>
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
  double total() const { return total_; }
  double above(int rank) const { return total_ - below(rank) - at_[rank]; }

 private:
  std::vector<double> at_, tree_;
  double total_ = 0;
};

void add(Pairs& sum, const Pairs& pairs, double weight) {
  sum.concordant += weight * pairs.concordant;
  sum.discordant += weight * pairs.discordant;
  sum.tied_score += weight * pairs.tied_score;
  sum.tied_time += weight * pairs.tied_time;
  sum.tied_both += weight * pairs.tied_both;
}

// With z the weight of the lower less that of the higher scores, the sum of w z^2 over all rows
// grows by so much when a row of weight w joins others, `equal` of whose weight have its score.
double squared_rank_growth(double w, double others, double equal) {
  const double unequal = others - equal;
  return w * unequal * (w + unequal + 2 * equal);
}

class Counter {
 public:
  Counter(const Response& response, const double* score, const RiskOrder& order,
          const ConcordanceOptions& options)
      : order_(order),
        options_(options),
        weight_(order.rows(), 1.0),
        rank_(order.rows()),
        pairs_(order.rows()),
        at_risk_(std::size_t(order.events())),
        deaths_(std::size_t(order.events())),
        time_weight_(std::size_t(order.events()), 1.0) {
    for (std::size_t i = 0; i < order.rows() && response.weight; ++i) {
      weight_[i] = response.weight[order.row[i]];
    }
    rank_scores(score, options.execution);
  }

  Concordance count() {
    result_.strata.resize(std::size_t(order_.strata()));
    for (int s = 0; s < order_.strata(); ++s) {
      if (order_.stratum_events[s] == order_.stratum_events[s + 1]) continue;
      count_at_risk(s);
      weigh_times(s);
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
    if (event % 65536 == 0) options_.execution.pause();
  }

  // Weights at risk and of deaths at each event.
  void count_at_risk(int s) {
    double at_risk = 0;
    for (int k = order_.stratum_events[s]; k < order_.stratum_events[s + 1]; ++k) {
      for_survivors_joining(k, s, [&](int i) { at_risk += weight_[i]; });
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) deaths_[k] += weight_[i];
      at_risk += deaths_[k];
      at_risk_[k] = at_risk;
      for_rows_leaving(k, [&](int i) { at_risk -= weight_[i]; });
    }
  }

  // See PairWeight.
  void weigh_times(int s) {
    const int first = order_.stratum_events[s], end = order_.stratum_events[s + 1];
    int deaths = 0;
    for (int k = first; k < end; ++k) deaths += order_.death_end[k] - order_.death_begin[k];
    if (options_.pair_weight != PairWeight::equal && deaths > 1) {
      const std::vector<double> uncensored = censoring_curve(s);
      double total = 0, survival = 1;
      for (int i = order_.stratum_begin[s]; i < order_.stratum_begin[s + 1]; ++i) {
        total += weight_[i];
      }
      for (int k = end - 1; k >= first; --k) {
        const double n = at_risk_[k], g = uncensored.empty() ? 1 : uncensored[k - first];
        time_weight_[k] = n > 0 ? pair_weight(total, survival, g, n) : 0;
        if (n > 0) survival *= std::max(0.0, n - deaths_[k]) / n;
      }
    }
    for (int k = first; k < end; ++k) {
      if (order_.time[order_.death_begin[k]] > options_.last) time_weight_[k] = 0;
    }
  }

  double pair_weight(double total, double survival, double uncensored, double at_risk) const {
    switch (options_.pair_weight) {
      case PairWeight::survival:
        return total * survival / at_risk;
      case PairWeight::survival_uncensored:
        return total * survival / (uncensored * at_risk);
      case PairWeight::uncensored_squared:
        return 1 / (uncensored * uncensored);
      case PairWeight::one_time:
        return 1 / at_risk;
      default:
        return 1;
    }
  }

  // G(t-) at the events of a stratum without entry times; nothing where no weight asks for it.
  std::vector<double> censoring_curve(int s) const {
    if (options_.pair_weight != PairWeight::survival_uncensored &&
        options_.pair_weight != PairWeight::uncensored_squared) {
      return {};
    }
    const int first = order_.stratum_events[s], begin = order_.stratum_begin[s];
    std::vector<double> followed(std::size_t(order_.stratum_begin[s + 1] - begin) + 1);
    for (std::size_t i = 1; i < followed.size(); ++i) {
      followed[i] = followed[i - 1] + weight_[begin + int(i) - 1];
    }
    std::vector<double> out(std::size_t(order_.stratum_events[s + 1] - first));
    double uncensored = 1;
    int k = order_.stratum_events[s + 1] - 1;
    for (int end = order_.stratum_begin[s + 1], from = end; end > begin; end = from) {
      while (from > begin && order_.time[from - 1] == order_.time[end - 1]) --from;
      double n = followed[end - begin];
      if (k >= first && order_.death_begin[k] == from) {
        out[k - first] = uncensored;
        n -= deaths_[k--];
      }
      if (n > 0) uncensored *= followed[from - begin] / n;
    }
    return out;
  }

  // Time descending: each death meets the rows that are at risk at its time and do not die then.
  void count_deaths(int s) {
    RankWeights at_risk(ranks_[s]);
    RankWeights together(ranks_[s]);
    double squared_ranks = 0;
    const auto join = [&](int i) {
      squared_ranks += squared_rank_growth(weight_[i], at_risk.total(), at_risk.at(rank_[i]));
      at_risk.add(rank_[i], weight_[i]);
    };
    for (int k = order_.stratum_events[s]; k < order_.stratum_events[s + 1]; ++k) {
      pause(k);
      const double worth = time_weight_[k];
      for_survivors_joining(k, s, join);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        pairs_[i].concordant = worth * at_risk.below(rank_[i]);
        pairs_[i].discordant = worth * at_risk.above(rank_[i]);
        pairs_[i].tied_score = worth * at_risk.at(rank_[i]);
      }
      count_tied_times(k, together);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        add(result_.strata[s], pairs_[i], weight_[i]);
      }
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) join(i);
      if (options_.details) rank_deaths(k, s, at_risk);
      null_variance_ += deaths_[k] * worth * squared_ranks / at_risk_[k];
      for_rows_leaving(k, [&](int i) {
        at_risk.add(rank_[i], -weight_[i]);
        squared_ranks -= squared_rank_growth(weight_[i], at_risk.total(), at_risk.at(rank_[i]));
      });
    }
    // A tied pair was counted from both of its sides.
    result_.strata[s].tied_time /= 2;
    result_.strata[s].tied_both /= 2;
  }

  // Of each death the others at its time.
  void count_tied_times(int event, RankWeights& together) {
    const int begin = order_.death_begin[event];
    const int end = order_.death_end[event];
    if (end - begin < 2 && !options_.frequency) return;
    for (int i = begin; i < end; ++i) together.add(rank_[i], weight_[i]);
    for (int i = begin; i < end; ++i) {
      const double equal = together.at(rank_[i]);
      pairs_[i].tied_time = time_weight_[event] * (deaths_[event] - equal);
      pairs_[i].tied_both = time_weight_[event] * (equal - (options_.frequency ? 1 : weight_[i]));
    }
    for (int i = begin; i < end; ++i) together.add(rank_[i], -weight_[i]);
  }

  void rank_deaths(int event, int s, const RankWeights& at_risk) {
    const double time_weight = at_risk_[event] * time_weight_[event];
    if (!(time_weight > 0)) return;
    std::vector<int> deaths;
    for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) deaths.push_back(i);
    std::stable_sort(deaths.begin(), deaths.end(),
                     [&](int i, int j) { return rank_[i] < rank_[j]; });
    for (const int i : deaths) {
      const double lower = at_risk.below(rank_[i]) - at_risk.above(rank_[i]);
      result_.ranks.push_back(
          {order_.time[i], lower / at_risk_[event], time_weight, weight_[i], s + 1});
    }
  }

  // Time ascending: each row meets the deaths since its entry, those at its own time only if it is
  // censored then.
  void count_survivors(int s) {
    RankWeights dead(ranks_[s]);
    const auto meet = [&](int i, double sign) {
      pairs_[i].concordant += sign * dead.above(rank_[i]);
      pairs_[i].discordant += sign * dead.below(rank_[i]);
      pairs_[i].tied_score += sign * dead.at(rank_[i]);
    };
    for (int k = order_.stratum_events[s + 1] - 1; k >= order_.stratum_events[s]; --k) {
      pause(k);
      for_rows_leaving(k, [&](int i) { meet(i, -1); });
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) meet(i, 1);
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        dead.add(rank_[i], time_weight_[k] * weight_[i]);
      }
      for_survivors_joining(k, s, [&](int i) { meet(i, 1); });
    }
  }

  void finish() {
    for (const Pairs& stratum : result_.strata) add(result_, stratum, 1);
    const double pairs = result_.comparable();
    result_.index = (result_.concordant + result_.tied_score / 2) / pairs;
    result_.null_variance = null_variance_ / (4 * pairs * pairs);
    const double somers_d = (result_.concordant - result_.discordant) / pairs;
    const std::size_t n = options_.details ? pairs_.size() : 0;
    result_.rows.resize(n);
    result_.influence.resize(n);
    std::vector<double> clusters(std::size_t(options_.clusters));
    double sum = 0;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const Pairs& p = pairs_[i];
      const double w = weight_[i];
      const double influence =
          (p.concordant - p.discordant - somers_d * p.comparable()) / (2 * pairs);
      const std::size_t row = std::size_t(order_.row[i]);
      if (options_.details) {
        result_.rows[row] = p;
        result_.influence[row] = influence;
      }
      if (options_.cluster) {
        clusters[std::size_t(options_.cluster[row] - 1)] += w * influence;
      } else {
        sum += (options_.frequency ? w : w * w) * influence * influence;
      }
    }
    for (const double d : clusters) sum += d * d;
    result_.standard_error = std::sqrt(sum);
    // Strata ascending, and times.
    std::reverse(result_.ranks.begin(), result_.ranks.end());
    std::stable_sort(result_.ranks.begin(), result_.ranks.end(),
                     [](const DeathRank& a, const DeathRank& b) { return a.stratum < b.stratum; });
  }

  const RiskOrder& order_;
  const ConcordanceOptions& options_;
  std::vector<double> weight_;
  std::vector<int> rank_;
  std::vector<int> ranks_;
  std::vector<Pairs> pairs_;  // by position
  // By event:
  std::vector<double> at_risk_, deaths_, time_weight_;
  double null_variance_ = 0;
  Concordance result_;
};

}  // namespace

Concordance concordance(const Response& response, const double* score,
                        const ConcordanceOptions& options) {
  const RiskOrder order = build_risk_order(response, options.merge_close_times, options.execution);
  return Counter(response, score, order, options).count();
}

}  // namespace lmsurv
