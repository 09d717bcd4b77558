#include "gray_test.hpp"

#include <cmath>
#include <limits>

#include "risk_order.hpp"

namespace lmsurv {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kPause = 65536;  // event times between two questions whether to go on

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
// x_k), x_k = h_k / h, the sums over r need h-weighted row sums of A only.
class OneCause {
 public:
  OneCause(int groups, int cause, double rho)
      : cause_(cause),
        rho_(rho),
        score(VectorXd::Zero(groups)),
        variance(MatrixXd::Zero(groups, groups)),
        no_event_(VectorXd::Ones(groups)),
        incidence_(VectorXd::Zero(groups)),
        a_(MatrixXd::Zero(groups, groups)),
        t_(VectorXd::Zero(groups)),
        h_(groups),
        x_(groups),
        row_(groups),
        square_(groups),
        none_after_(groups) {}

  void add(const Moment& now) {
    const auto own = now.events.col(cause_);
    const double events = own.sum();
    h_ = (now.at_risk.array() > 0).select(now.at_risk.array() / no_event_.array(), 0.0);
    const double h = h_.sum();
    x_ = h_ / h;
    const double before = 1 - common_;  // 1 - F(t-)
    const double weight = std::pow(before, rho_);
    const double df = events / h;
    common_ += df;
    none_after_ = no_event_;
    for (Eigen::Index r = 0; r < h_.size(); ++r) {
      if (now.at_risk[r] > 0) {
        const double died = now.events.row(r).sum();
        none_after_[r] *= (now.at_risk[r] - died) / now.at_risk[r];
      }
    }
    if (events > 0 && std::fabs(before) < kNobodyLeft) {
      score.setConstant(std::numeric_limits<double>::quiet_NaN());
    } else if (events > 0) {
      row_ = h_.array() * (1 - incidence_.array());
      score += weight * (own - events / row_.sum() * row_);
      move(weight * df / before);
    }
    add_terms(now, weight, df, events, h);
    for (Eigen::Index r = 0; r < h_.size(); ++r) {
      if (now.at_risk[r] > 0) incidence_[r] += no_event_[r] * (own[r] / now.at_risk[r]);
    }
    no_event_ = none_after_;
  }

 private:
  // c_kr(now) grows by l h_r (1{k = r} - x_k) for all earlier times.
  void move(double l) {
    const Eigen::Index groups = h_.size();
    row_.noalias() = a_ * h_;
    square_ = h_.array().square() * t_.array();
    const double all = square_.sum();
    for (Eigen::Index k = 0; k < groups; ++k) {
      for (Eigen::Index j = 0; j <= k; ++j) {
        double part = h_[k] * a_(j, k) - x_[k] * row_[j] + h_[j] * a_(k, j) - x_[j] * row_[k];
        part += l * (x_[k] * x_[j] * all - square_[k] * x_[j] - square_[j] * x_[k]);
        if (j == k) part += l * square_[k];
        variance(k, j) += l * part;
      }
    }
    for (Eigen::Index r = 0; r < groups; ++r) {
      const double c = l * h_[r] * t_[r];
      a_.col(r) -= c * x_;
      a_(r, r) += c;
    }
  }

  // The terms of this time, of which c_kr(end) - c_kr(t) is 0 as yet.
  void add_terms(const Moment& now, double weight, double df, double events, double h) {
    const Eigen::Index groups = h_.size();
    double all = 0;
    for (Eigen::Index r = 0; r < groups; ++r) {
      square_[r] = 0;
      if (now.at_risk[r] <= 0) continue;
      const double y = now.at_risk[r];
      const double others = now.events.row(r).sum() - now.events(r, cause_);
      // Of a group that ends here c stands still from now on, so that b1 does not matter.
      const double b1 = none_after_[r] > 0 ? 1 - (1 - common_) / none_after_[r] : 1;
      if (others > 0) {
        const double ties = others > 1 ? 1 - (others - 1) / (y - 1) : 1;
        const double b2 = b1 - 1, part = no_event_[r] / y;
        t_[r] += b2 * b2 * part * part * others * ties;
      }
      if (events <= 0) continue;
      const double ties = events > 1 ? 1 - (events - 1) / (h * no_event_[r] - 1) : 1;
      const double increment = df / h_[r] * ties;
      t_[r] += b1 * b1 * increment;
      const double d = weight * h_[r];  // d_kr = d (1{k = r} - x_k)
      a_.col(r) -= b1 * d * increment * x_;
      a_(r, r) += b1 * d * increment;
      square_[r] = d * d * increment;
      all += square_[r];
    }
    if (events <= 0) return;
    for (Eigen::Index k = 0; k < groups; ++k) {
      for (Eigen::Index j = 0; j <= k; ++j) {
        variance(k, j) += x_[k] * x_[j] * all - square_[k] * x_[j] - square_[j] * x_[k];
      }
      variance(k, k) += square_[k];
    }
  }

  const Eigen::Index cause_;
  const double rho_;

 public:
  VectorXd score;
  MatrixXd variance;  // lower triangle

 private:
  VectorXd no_event_, incidence_;  // G: S_r(t-), F_1r(t-)
  double common_ = 0;              // F
  MatrixXd a_;                     // G x G: A
  VectorXd t_;                     // G: T
  VectorXd h_, x_, row_, square_, none_after_;
};

class Scan {
 public:
  Scan(const Response& response, const int* group, int groups, const GrayOptions& options)
      : groups_(groups),
        options_(options),
        order_(build_risk_order(response, options.merge_close_times, options.execution)),
        rows_(order_.rows()),
        now_{VectorXd(groups), MatrixXd(groups, options.causes)} {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const int row = order_.row[i];
      rows_[i] = {group[row] - 1, response.status[row] - 1,
                  response.weight ? response.weight[row] : 1};
    }
  }

  std::vector<GrayTest> tests() {
    std::vector<GrayTest> out(std::size_t(options_.causes));
    for (GrayTest& test : out) {
      test.score = VectorXd::Zero(groups_);
      test.variance = MatrixXd::Zero(groups_, groups_);
    }
    for (int s = 0; s < order_.strata(); ++s) add_stratum(s, out);
    for (GrayTest& test : out) finish(test);
    return out;
  }

 private:
  struct Row {
    int group, cause;  // from 0; cause -1: censored
    double weight;
  };

  void add_stratum(int s, std::vector<GrayTest>& out) {
    std::vector<OneCause> causes;
    for (int k = 0; k < options_.causes; ++k) causes.emplace_back(groups_, k, options_.rho);
    if (options_.execution.interrupt) options_.execution.interrupt();
    now_.at_risk.setZero();
    int end = order_.stratum_begin[s + 1];
    for (int i = order_.stratum_begin[s]; i < end; ++i) {
      now_.at_risk[rows_[i].group] += rows_[i].weight;
    }
    for (int event = order_.stratum_events[s + 1] - 1; event >= order_.stratum_events[s]; --event) {
      if (options_.execution.interrupt && event % kPause == 0) options_.execution.interrupt();
      for (; end > order_.risk_end[event]; --end) {
        now_.at_risk[rows_[end - 1].group] -= rows_[end - 1].weight;
      }
      if ((now_.at_risk.array() > 0).count() < 2) break;  // no group left to compare with
      now_.events.setZero();
      for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
        now_.events(rows_[i].group, rows_[i].cause) += rows_[i].weight;
      }
      if (now_.events.sum() <= 0) continue;
      for (OneCause& cause : causes) cause.add(now_);
    }
    for (std::size_t k = 0; k < causes.size(); ++k) {
      out[k].score += causes[k].score;
      out[k].variance += causes[k].variance.selfadjointView<Eigen::Lower>();
    }
  }

  // The scores sum to 0: the last group is left out.
  void finish(GrayTest& test) const {
    test.df = groups_ - 1;
    test.statistic = std::numeric_limits<double>::quiet_NaN();
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

  const int groups_;
  const GrayOptions& options_;
  const RiskOrder order_;
  std::vector<Row> rows_;  // by position
  Moment now_;
};

}  // namespace

std::vector<GrayTest> gray_tests(const Response& response, const int* group, int groups,
                                 const GrayOptions& options) {
  if (response.entry) throw InvalidInput("the test is not defined with entry times", -1);
  return Scan(response, group, groups, options).tests();
}

}  // namespace lmsurv
