#include "gray_test.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// An incidence in common of 1 up to rounding: the hazard of a further event is not defined.
constexpr double kNobodyLeft = 1e-12;

// The rows of one event time, by group.
struct Moment {
  explicit Moment(int groups) : own(groups, 0), all(groups, 0) {}

  std::vector<double> own, all;  // events of the cause in question, and of any
  std::vector<int> groups;       // those with an event

  void add(int group, double weight, bool of_cause) {
    if (weight <= 0) return;
    if (all[group] == 0) groups.push_back(group);
    all[group] += weight;
    if (of_cause) own[group] += weight;
  }
  void clear() {
    for (const int group : groups) own[group] = all[group] = 0;
    groups.clear();
  }
};

// The score and its variance in one stratum and for one cause, event time by event time. Since
// c_kr(end) - c_kr(t) of all earlier t grows by the same dc_kr when time goes on, the variance
// follows from
//   V_kl += sum over r of dc_kr A_lr + dc_lr A_kr + dc_kr dc_lr T_r
//   A_kr += dc_kr T_r
// with A_kr = sum b1_r a_kr dM_1r + sum b2_r^2 (c_kr(now) - c_kr) dM_2r, T_r = sum b1_r^2 dM_1r +
// b2_r^2 dM_2r, dM the increments of the two parts of the variance. As dc_kr is l h_r (1{k = r} -
// x_k), x_k = h_k / h, the sums over r need h-weighted row sums of A only, and with the terms of
// the time itself, d_kr = d_r (1{k = r} - x_k), they are
//   V_kl += l (h_k A_lk + h_l A_kl) - x_k z_l - x_l z_k + 1{k = l} s_k,   l <= k
//   A_kr += q_r (1{k = r} - x_k)
// with s_r = l^2 h_r^2 T_r + d_r^2 dM_1r, z_k = l (A h)_k + s_k - x_k sum s / 2, q_r = l h_r T_r +
// b1_r d_r dM_1r. Elements by hand: G is small.
class OneCause {
 public:
  OneCause(int groups, double rho)
      : score(VectorXd::Zero(groups)),
        variance(MatrixXd::Zero(groups, groups)),
        rho_(rho),
        groups_(std::size_t(groups)),
        a_(MatrixXd::Zero(groups, groups)),
        x_(groups),
        s_(groups),
        z_(groups),
        q_(groups) {}

  VectorXd score;
  MatrixXd variance;  // lower triangle

  // The number at risk of a group changes.
  void count(int r, double weight) {
    Group& group = groups_[r];
    present_ -= group.at_risk > 0;
    group.at_risk += weight;
    present_ += group.at_risk > 0;
    group.expose();
  }
  int groups_at_risk() const { return present_; }

  void add(const Moment& now) {
    double events = 0;
    for (const int r : now.groups) {
      groups_[r].lose(now.all[r]);
      events += now.own[r];
    }
    if (events > 0) add_events(now, events);
    for (const int r : now.groups) groups_[r].pass(now.own[r], now.all[r], common_);
  }

 private:
  struct Group {
    double at_risk = 0;                // Y_r
    double no_event = 1;               // S_r(t-)
    double incidence = 0;              // F_1r(t-)
    double t = 0;                      // T_r
    double h = 0, per_h = 0;           // h_r, 1 / h_r
    double after = 1, reciprocal = 1;  // S_r(t), 1 / S_r(t)

    void expose() {
      h = at_risk > 0 ? at_risk * reciprocal : 0;
      per_h = at_risk > 0 ? no_event / at_risk : 0;
    }
    void lose(double events) {
      after = no_event * ((at_risk - events) / at_risk);
      reciprocal = after > 0 ? 1 / after : 0;
    }
    // Of a group that ends here c stands still from now on, so that b1 does not matter.
    double b1(double common) const { return after > 0 ? 1 - (1 - common) * reciprocal : 1; }
    // The events of other causes, and the end of the time.
    void pass(double own, double all, double common) {
      const double others = all - own;
      if (others > 0) {
        const double ties = others > 1 ? 1 - (others - 1) / (at_risk - 1) : 1;
        const double part = (b1(common) - 1) * per_h;
        t += part * part * others * ties;
      }
      incidence += own * per_h;
      no_event = after;
      expose();
    }
  };

  void add_events(const Moment& now, double events) {
    double h = 0, at_risk = 0;  // sums of h_r, R_r
    for (const Group& group : groups_) {
      h += group.h;
      at_risk += group.h * (1 - group.incidence);
    }
    const double before = 1 - common_;  // 1 - F(t-)
    const double weight = rho_ == 0 ? 1 : std::pow(before, rho_);
    const double per_h = 1 / h, df = events * per_h;
    common_ += df;
    if (std::fabs(before) < kNobodyLeft) score.setConstant(kUndefined);
    const double l = std::fabs(before) < kNobodyLeft ? 0 : weight * df / before;
    const double expected = events / at_risk;
    double sum = 0;
    for (std::size_t r = 0; r < groups_.size(); ++r) {
      Group& group = groups_[r];
      x_[r] = group.h * per_h;
      score[r] += weight * (now.own[r] - expected * (group.h * (1 - group.incidence)));
      const double c = l * group.h * group.t;
      s_[r] = c * (l * group.h);
      q_[r] = c;
      if (group.at_risk > 0) {
        const double ties = events > 1 ? 1 - (events - 1) / (h * group.no_event - 1) : 1;
        const double increment = df * group.per_h * ties;
        const double d = weight * group.h;
        const double b1 = group.b1(common_);
        s_[r] += d * d * increment;
        q_[r] += b1 * d * increment;
        group.t += b1 * b1 * increment;
      }
      sum += s_[r];
    }
    add_pairs(l, sum);
  }

  void add_pairs(double l, double sum) {
    const Eigen::Index groups = score.size();
    for (Eigen::Index k = 0; k < groups; ++k) {
      double row = 0;
      for (Eigen::Index r = 0; r < groups; ++r) row += a_(k, r) * groups_[r].h;
      z_[k] = l * row + s_[k] - x_[k] * sum / 2;
    }
    for (Eigen::Index j = 0; j < groups; ++j) {
      for (Eigen::Index k = j; k < groups; ++k) {
        variance(k, j) +=
            l * (groups_[k].h * a_(j, k) + groups_[j].h * a_(k, j)) - x_[k] * z_[j] - x_[j] * z_[k];
      }
      variance(j, j) += s_[j];
    }
    for (Eigen::Index r = 0; r < groups; ++r) {
      for (Eigen::Index k = 0; k < groups; ++k) a_(k, r) -= q_[r] * x_[k];
      a_(r, r) += q_[r];
    }
  }

  const double rho_;
  std::vector<Group> groups_;
  int present_ = 0;    // groups with rows at risk
  double common_ = 0;  // F
  MatrixXd a_;         // G x G: A
  VectorXd x_, s_, z_, q_;
};

class Scan {
 public:
  Scan(const Response& response, TimeOrder times, const int* group, int groups,
       const GrayOptions& options)
      : response_(response),
        groups_(groups),
        options_(options),
        order_(build_risk_order(response, std::move(times), options.execution)),
        group_(order_.rows()) {
    constexpr std::size_t kChunk = 1 << 16;
    parallel_for((group_.size() + kChunk - 1) / kChunk, options.execution, [&](std::size_t chunk) {
      const std::size_t end = std::min(group_.size(), (chunk + 1) * kChunk);
      for (std::size_t i = chunk * kChunk; i < end; ++i) group_[i] = group[order_.row[i]] - 1;
    });
  }

  std::vector<GrayTest> tests() {
    std::vector<GrayTest> out(std::size_t(options_.causes));
    const Execution execution =
        for_work(options_.execution, group_.size(), worth_a_thread::kRowsOfAGrayTest);
    const auto test = [&](std::size_t k, const std::function<void()>& pause) {
      Pacer pacer(pause);
      out[k].score = VectorXd::Zero(groups_);
      out[k].variance = MatrixXd::Zero(groups_, groups_);
      for (int s = 0; s < order_.strata(); ++s) add_stratum(s, int(k), out[k], pacer);
      finish(out[k]);
    };
    parallel_for(out.size(), execution, test);
    return out;
  }

 private:
  double weight(int position) const {
    return response_.weight ? response_.weight[order_.row[position]] : 1;
  }

  void add_stratum(int s, int k, GrayTest& out, Pacer& pacer) const {
    OneCause cause(groups_, options_.rho);
    Moment now(groups_);
    int end = order_.stratum_begin[s + 1];
    std::vector<double> at_risk(std::size_t(groups_), 0);
    for (int i = order_.stratum_begin[s]; i < end; ++i) at_risk[group_[i]] += weight(i);
    for (int r = 0; r < groups_; ++r) cause.count(r, at_risk[r]);
    for (int event = order_.stratum_events[s + 1] - 1; event >= order_.stratum_events[s]; --event) {
      pacer.work(double(groups_) * groups_ + double(end - order_.risk_end[event]));
      for (; end > order_.risk_end[event]; --end) {
        cause.count(group_[end - 1], -weight(end - 1));
      }
      if (cause.groups_at_risk() < 2) break;  // no group left to compare with
      for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
        now.add(group_[i], weight(i), order_.status[i] == k + 1);
      }
      cause.add(now);
      now.clear();
    }
    out.score += cause.score;
    out.variance += cause.variance.selfadjointView<Eigen::Lower>();
  }

  // The scores sum to 0: the last group is left out.
  void finish(GrayTest& test) const {
    test.df = groups_ - 1;
    test.statistic = kUndefined;
    if (test.df < 1 || !test.variance.allFinite() || !test.score.allFinite()) return;
    // Corrected for ties, the variance of a few patients need not be one.
    if ((test.variance.diagonal().array() < 0).any()) return;
    Eigen::ColPivHouseholderQR<MatrixXd> solver(test.df, test.df);
    solver.setThreshold(1e-7);
    solver.compute(test.variance.topLeftCorner(test.df, test.df));
    if (solver.rank() < test.df) return;
    const VectorXd score = test.score.head(test.df);
    const double statistic = score.dot(solver.solve(score));
    if (statistic >= 0) test.statistic = statistic;
  }

  const Response& response_;
  const int groups_;
  const GrayOptions& options_;
  const RiskOrder order_;
  std::vector<int> group_;  // by position, from 0
};

}  // namespace

std::vector<GrayTest> gray_tests(const Response& response, TimeOrder times, const int* group,
                                 int groups, const GrayOptions& options) {
  if (response.entry) throw InvalidInput("the test is not defined with entry times", -1);
  return Scan(response, std::move(times), group, groups, options).tests();
}

}  // namespace lmsurv
