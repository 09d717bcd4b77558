#include "rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

#include "rank_events.hpp"
#include "rank_robust.hpp"

namespace lmsurv {
namespace {

bool needs_curve(TestWeight weight) {
  return weight == TestWeight::peto || weight == TestWeight::modified_peto ||
         weight == TestWeight::fleming_harrington;
}

double weight_by_number(TestWeight weight, double at_risk) {
  if (weight == TestWeight::gehan) return at_risk;
  return weight == TestWeight::tarone_ware ? std::sqrt(at_risk) : 1.0;
}

// The sums over events. A_ij = sum of c p_i p_j, i > j, is gathered in place of V, whose other
// elements follow without a difference: p_i (1 - p_i) is the sum of the p_i p_j.
class Accumulator {
 public:
  Accumulator(const RankEvents& events, const RankTestOptions& options)
      : events_(events), options_(options), share_(std::size_t(events.groups())) {
    const Eigen::Index groups = events.groups();
    out_.observed = Eigen::MatrixXd::Zero(groups, events.order().strata());
    out_.expected = out_.observed;
    out_.score = Eigen::VectorXd::Zero(groups);
    out_.variance = Eigen::MatrixXd::Zero(groups, groups);
    if (needs_curve(options.weight)) weight_ = test_weights(events, options);
  }

  RankTest run() {
    const RiskOrder& order = events_.order();
    Pacer pacer(options_.execution.interrupt);
    const double units = double(events_.groups()) * double(events_.groups());
    for (int s = 0; s < order.strata(); ++s) {
      events_.walk(s, [&](int k, const EventCounts& counts) {
        pacer.work(units);
        add(k, s, counts);
      });
    }
    finish();
    return std::move(out_);
  }

 private:
  void add(int event, int stratum, const EventCounts& c) {
    if (!(c.all_deaths > 0)) return;
    const double v = weight_.empty() ? weight_by_number(options_.weight, c.all_at_risk)
                                     : weight_[std::size_t(event)];
    for (std::size_t j = 0; j < share_.size(); ++j) {
      const Eigen::Index g = static_cast<Eigen::Index>(j);
      share_[j] = c.at_risk[j] / c.all_at_risk;
      const double expected = c.all_deaths * share_[j];
      out_.observed(g, stratum) += v * c.deaths[j];
      out_.expected(g, stratum) += v * expected;
      out_.score[g] += v * (c.deaths[j] - expected);
    }
    if (options_.robust || !(c.all_at_risk > 1)) return;
    const double survivors = (c.all_at_risk - c.all_deaths) / (c.all_at_risk - 1);
    add_pairs(v * v * c.all_deaths * survivors);
  }

  void add_pairs(double c) {
    const std::size_t groups = share_.size();
    for (std::size_t j = 0; j + 1 < groups; ++j) {
      const double scaled = c * share_[j];
      double* column = out_.variance.data() + j * groups;
      for (std::size_t i = j + 1; i < groups; ++i) column[i] += scaled * share_[i];
    }
  }

  void finish() {
    out_.robust = options_.robust;
    if (options_.robust) {
      out_.variance = robust_variance(events_, options_, score_weights());
      out_.chi_squared = spectral_test(out_.score, out_.variance);
      return;
    }
    Eigen::MatrixXd& variance = out_.variance;
    const Eigen::MatrixXd joined = variance + variance.transpose();
    variance = -joined;
    variance.diagonal() = joined.rowwise().sum();
    out_.chi_squared = laplacian_test(out_.score, variance);
  }

  std::vector<double> score_weights() const {
    if (!weight_.empty()) return weight_;
    std::vector<double> weight(std::size_t(events_.order().events()));
    for (int s = 0; s < events_.order().strata(); ++s) {
      events_.walk(s, [&](int k, const EventCounts& c) {
        weight[std::size_t(k)] = weight_by_number(options_.weight, c.all_at_risk);
      });
    }
    return weight;
  }

  const RankEvents& events_;
  const RankTestOptions& options_;
  std::vector<double> weight_;  // v by event, where it takes the curve
  std::vector<double> share_;   // p
  RankTest out_;
};

// The rows of two groups, in input order, as data of their own.
struct TwoGroups {
  std::vector<double> time, entry, weight;
  std::vector<int> status, stratum, group, cluster;

  Response response() const {
    Response out;
    out.rows = time.size();
    out.time = time.data();
    out.entry = entry.empty() ? nullptr : entry.data();
    out.status = status.data();
    out.stratum = stratum.empty() ? nullptr : stratum.data();
    out.weight = weight.empty() ? nullptr : weight.data();
    return out;
  }
};

template <class T>
void take(const T* from, const std::vector<int>& rows, std::vector<T>& to) {
  if (!from) return;
  to.reserve(rows.size());
  for (const int row : rows) to.push_back(from[row]);
}

TwoGroups take_two(const Response& response, const int* group, int first,
                   const std::vector<int>& rows, const int* cluster) {
  TwoGroups two;
  take(response.time, rows, two.time);
  take(response.entry, rows, two.entry);
  take(response.weight, rows, two.weight);
  take(response.status, rows, two.status);
  take(response.stratum, rows, two.stratum);
  take(cluster, rows, two.cluster);
  two.group.reserve(rows.size());
  for (const int row : rows) two.group.push_back(group[row] == first ? 1 : 2);
  return two;
}

// Times by input row with those that count as tied made equal; empty where there are none. An entry
// time stays on its side of every one of them.
std::vector<double> merged_times(const Response& response, bool merge_close_times) {
  if (!merge_close_times) return {};
  const RiskOrder order = build_risk_order(response, true);
  if (order.merged_times == 0) return {};
  std::vector<double> time(order.rows());
  for (std::size_t i = 0; i < order.rows(); ++i) time[std::size_t(order.row[i])] = order.time[i];
  return time;
}

void count_rows(const Response& response, const int* group, bool frequency, RankTest& out) {
  for (std::size_t i = 0; i < response.rows; ++i) {
    const double w = frequency && response.weight ? response.weight[i] : 1.0;
    out.rows[group[i] - 1] += w;
    out.events[group[i] - 1] += w * (response.status[i] != 0);
  }
}

}  // namespace

RankTest rank_test(const Response& response, const int* group, int groups,
                   const RankTestOptions& options) {
  const RiskOrder order = build_risk_order(response, options.merge_close_times, options.execution);
  const RankEvents events(response, order, group, groups);
  RankTest out = Accumulator(events, options).run();
  out.rows = out.events = Eigen::VectorXd::Zero(groups);
  count_rows(response, group, options.frequency, out);
  out.merged_times = order.merged_times;
  return out;
}

TrendTest trend_test(const RankTest& test, const std::vector<double>& scores) {
  const Eigen::Index groups = test.score.size();
  const Eigen::VectorXd expected = test.expected.rowwise().sum();
  const Eigen::VectorXd a = Eigen::Map<const Eigen::VectorXd>(scores.data(), groups);
  const double total = expected.sum();
  const Eigen::VectorXd centred = a.array() - (total > 0 ? a.dot(expected) / total : 0.0);
  TrendTest out;
  out.score = centred.dot(test.score);
  if (test.robust) {
    out.variance = centred.dot(test.variance * centred);
    return out;
  }
  for (Eigen::Index j = 0; j < groups; ++j) {
    for (Eigen::Index i = j + 1; i < groups; ++i) {
      out.variance -= test.variance(i, j) * (a[i] - a[j]) * (a[i] - a[j]);
    }
  }
  return out;
}

std::vector<RankTest> pairwise_rank_tests(const Response& response, const int* group, int groups,
                                          const RankTestOptions& options) {
  const std::vector<double> merged = merged_times(response, options.merge_close_times);
  Response all = response;
  if (!merged.empty()) all.time = merged.data();
  std::vector<std::vector<int>> members((std::size_t(groups)));
  for (std::size_t i = 0; i < response.rows; ++i) {
    members[std::size_t(group[i] - 1)].push_back(static_cast<int>(i));
  }
  std::vector<std::pair<int, int>> pairs;
  for (int a = 1; a < groups; ++a) {
    for (int b = a + 1; b <= groups; ++b) pairs.emplace_back(a, b);
  }
  std::vector<RankTest> out(pairs.size());
  const auto test = [&](std::size_t task, const std::function<void()>& pause) {
    const std::vector<int>& first = members[std::size_t(pairs[task].first - 1)];
    const std::vector<int>& second = members[std::size_t(pairs[task].second - 1)];
    std::vector<int> rows(first.size() + second.size());
    std::merge(first.begin(), first.end(), second.begin(), second.end(), rows.begin());
    const TwoGroups two = take_two(all, group, pairs[task].first, rows, options.cluster);
    RankTestOptions alone = options;
    alone.merge_close_times = false;
    alone.cluster = options.cluster ? two.cluster.data() : nullptr;
    alone.execution = Execution();
    alone.execution.interrupt = pause;
    out[task] = rank_test(two.response(), two.group.data(), 2, alone);
  };
  parallel_for(pairs.size(), options.execution, test);
  return out;
}

}  // namespace lmsurv
