#include "gray_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "risk_order.hpp"

namespace lmsurv {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// To start a thread takes as long as a test of so many rows.
constexpr std::size_t kRowsWorthAThread = 5000;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// An incidence in common of 1 up to rounding: the hazard of a further event is not defined.
constexpr double kNobodyLeft = 1e-12;

// What happens at one event time, by group.
struct Moment {
  VectorXd at_risk;  // G
  MatrixXd events;   // G x K
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
  OneCause(int groups, int cause, double rho)
      : groups_(groups),
        cause_(cause),
        rho_(rho),
        score(VectorXd::Zero(groups)),
        variance(MatrixXd::Zero(groups, groups)),
        no_event_(VectorXd::Ones(groups)),
        incidence_(VectorXd::Zero(groups)),
        a_(MatrixXd::Zero(groups, groups)),
        t_(VectorXd::Zero(groups)),
        h_(groups),
        x_(groups),
        s_(groups),
        z_(groups),
        q_(groups),
        none_after_(groups) {}

  void add(const Moment& now) {
    double events = 0;
    none_after_ = no_event_;
    for (Eigen::Index r = 0; r < groups_; ++r) {
      events += now.events(r, cause_);
      const double died = now.events.row(r).sum();
      if (died > 0) none_after_[r] *= (now.at_risk[r] - died) / now.at_risk[r];
    }
    if (events > 0) add_events(now, events);
    for (Eigen::Index r = 0; r < groups_; ++r) {
      add_others(now, r);
      const double own = now.events(r, cause_);
      if (own > 0) incidence_[r] += no_event_[r] * (own / now.at_risk[r]);
    }
    no_event_ = none_after_;
  }

 private:
  // Of a group that ends here c stands still from now on, so that b1 does not matter.
  double b1(Eigen::Index r) const {
    return none_after_[r] > 0 ? 1 - (1 - common_) / none_after_[r] : 1;
  }

  void add_events(const Moment& now, double events) {
    double h = 0, at_risk = 0;  // sums of h_r, R_r
    for (Eigen::Index r = 0; r < groups_; ++r) {
      h_[r] = now.at_risk[r] > 0 ? now.at_risk[r] / no_event_[r] : 0;
      h += h_[r];
      at_risk += h_[r] * (1 - incidence_[r]);
    }
    const double before = 1 - common_;  // 1 - F(t-)
    const double weight = rho_ == 0 ? 1 : std::pow(before, rho_);
    const double df = events / h;
    common_ += df;
    if (std::fabs(before) < kNobodyLeft) score.setConstant(kUndefined);
    const double l = std::fabs(before) < kNobodyLeft ? 0 : weight * df / before;
    const double expected = events / at_risk;
    double sum = 0;
    for (Eigen::Index r = 0; r < groups_; ++r) {
      x_[r] = h_[r] / h;
      score[r] += weight * (now.events(r, cause_) - expected * (h_[r] * (1 - incidence_[r])));
      const double c = l * h_[r] * t_[r];
      s_[r] = c * (l * h_[r]);
      q_[r] = c;
      if (now.at_risk[r] > 0) {
        const double ties = events > 1 ? 1 - (events - 1) / (h * no_event_[r] - 1) : 1;
        const double d = weight * h_[r];
        const double increment = d * (df / h_[r] * ties);
        s_[r] += d * increment;
        q_[r] += b1(r) * increment;
        t_[r] += b1(r) * b1(r) * (df / h_[r] * ties);
      }
      sum += s_[r];
    }
    add_pairs(l, sum);
  }

  void add_pairs(double l, double sum) {
    for (Eigen::Index k = 0; k < groups_; ++k) {
      double row = 0;
      for (Eigen::Index r = 0; r < groups_; ++r) row += a_(k, r) * h_[r];
      z_[k] = l * row + s_[k] - x_[k] * sum / 2;
    }
    for (Eigen::Index j = 0; j < groups_; ++j) {
      for (Eigen::Index k = j; k < groups_; ++k) {
        variance(k, j) += l * (h_[k] * a_(j, k) + h_[j] * a_(k, j)) - x_[k] * z_[j] - x_[j] * z_[k];
      }
      variance(j, j) += s_[j];
    }
    for (Eigen::Index r = 0; r < groups_; ++r) {
      for (Eigen::Index k = 0; k < groups_; ++k) a_(k, r) -= q_[r] * x_[k];
      a_(r, r) += q_[r];
    }
  }

  // The events of other causes.
  void add_others(const Moment& now, Eigen::Index r) {
    const double others = now.events.row(r).sum() - now.events(r, cause_);
    if (others <= 0) return;
    const double y = now.at_risk[r];
    const double ties = others > 1 ? 1 - (others - 1) / (y - 1) : 1;
    const double b2 = b1(r) - 1, part = no_event_[r] / y;
    t_[r] += b2 * b2 * part * part * others * ties;
  }

  const Eigen::Index groups_, cause_;
  const double rho_;

 public:
  VectorXd score;
  MatrixXd variance;  // lower triangle

 private:
  VectorXd no_event_, incidence_;  // G: S_r(t-), F_1r(t-)
  double common_ = 0;              // F
  MatrixXd a_;                     // G x G: A
  VectorXd t_;                     // G: T
  VectorXd h_, x_, s_, z_, q_, none_after_;
};

class Scan {
 public:
  Scan(const Response& response, const int* group, int groups, const GrayOptions& options)
      : response_(response),
        groups_(groups),
        options_(options),
        order_(build_risk_order(response, options.merge_close_times, options.execution)),
        rows_(order_.rows()) {
    constexpr std::size_t kChunk = 1 << 16;
    parallel_for((rows_.size() + kChunk - 1) / kChunk, options.execution, [&](std::size_t chunk) {
      const std::size_t end = std::min(rows_.size(), (chunk + 1) * kChunk);
      for (std::size_t i = chunk * kChunk; i < end; ++i) {
        const int row = order_.row[i];
        rows_[i] = {group[row] - 1, response.status[row] - 1};
      }
    });
  }

  std::vector<GrayTest> tests() {
    std::vector<GrayTest> out(std::size_t(options_.causes));
    Execution execution = options_.execution;
    if (rows_.size() < kRowsWorthAThread) execution.threads = 1;
    parallel_for(out.size(), execution, [&](std::size_t k) {
      out[k].score = VectorXd::Zero(groups_);
      out[k].variance = MatrixXd::Zero(groups_, groups_);
      for (int s = 0; s < order_.strata(); ++s) add_stratum(s, int(k), out[k]);
      finish(out[k]);
    });
    return out;
  }

 private:
  struct Row {
    int group, cause;  // from 0; cause -1: censored
  };

  double weight(int position) const {
    return response_.weight ? response_.weight[order_.row[position]] : 1;
  }

  void add_stratum(int s, int k, GrayTest& out) const {
    OneCause cause(groups_, k, options_.rho);
    Moment now{VectorXd::Zero(groups_), MatrixXd::Zero(groups_, options_.causes)};
    int end = order_.stratum_begin[s + 1];
    for (int i = order_.stratum_begin[s]; i < end; ++i) now.at_risk[rows_[i].group] += weight(i);
    for (int event = order_.stratum_events[s + 1] - 1; event >= order_.stratum_events[s]; --event) {
      for (; end > order_.risk_end[event]; --end) {
        now.at_risk[rows_[end - 1].group] -= weight(end - 1);
      }
      if ((now.at_risk.array() > 0).count() < 2) break;  // no group left to compare with
      now.events.setZero();
      for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
        now.events(rows_[i].group, rows_[i].cause) += weight(i);
      }
      if (now.events.sum() > 0) cause.add(now);
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
  std::vector<Row> rows_;  // by position
};

}  // namespace

std::vector<GrayTest> gray_tests(const Response& response, const int* group, int groups,
                                 const GrayOptions& options) {
  if (response.entry) throw InvalidInput("the test is not defined with entry times", -1);
  return Scan(response, group, groups, options).tests();
}

}  // namespace lmsurv
