#include "rank_robust.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>

#include "interval_sums.hpp"

namespace lmsurv {
namespace {

// What the rows at risk have lived through: sums over events of v D / N p, K of them.
class LivedShares {
 public:
  LivedShares(const RankEvents& events, const std::vector<double>& weight)
      : order_(events.order()),
        groups_(std::size_t(events.groups())),
        share_(groups_ * std::size_t(order_.events())) {
    std::vector<double> lived(share_.size());
    for (int s = 0; s < order_.strata(); ++s) {
      events.walk(s, [&](int k, const EventCounts& c) {
        if (!(c.all_at_risk > 0)) return;
        for (std::size_t j = 0; j < groups_; ++j) {
          const std::size_t at = groups_ * std::size_t(k) + j;
          share_[at] = weight[std::size_t(k)] * (c.at_risk[j] / c.all_at_risk);
          lived[at] = share_[at] * (c.all_deaths / c.all_at_risk);
        }
      });
      if (!order_.delayed_entry()) cumulate(s, lived);
    }
    if (order_.delayed_entry()) {
      ranges_ = std::make_unique<RangeSums>(std::move(lived), groups_);
    } else {
      since_start_ = std::move(lived);
    }
  }

  // v p
  const double* share(int event) const { return &share_[groups_ * std::size_t(event)]; }

  // out = sum over the events [begin, end), of which the last is the stratum's earliest unless
  // there are entry times
  void sum(int begin, int end, double* out) const {
    std::fill(out, out + groups_, 0.0);
    if (begin >= end) return;
    if (ranges_) {
      ranges_->add_to(begin, end, out);
    } else {
      std::copy_n(&since_start_[groups_ * std::size_t(begin)], groups_, out);
    }
  }

 private:
  void cumulate(int stratum, std::vector<double>& lived) const {
    for (int k = order_.stratum_events[stratum + 1] - 2; k >= order_.stratum_events[stratum]; --k) {
      for (std::size_t j = 0; j < groups_; ++j) {
        lived[groups_ * std::size_t(k) + j] += lived[groups_ * std::size_t(k + 1) + j];
      }
    }
  }

  const RiskOrder& order_;
  std::size_t groups_;
  std::vector<double> share_;        // events x K, row-major
  std::vector<double> since_start_;  // without entry times: summed from the stratum's first event
  std::unique_ptr<RangeSums> ranges_;
};

class Sandwich {
 public:
  Sandwich(const RankEvents& events, const RankTestOptions& options,
           const std::vector<double>& weight)
      : events_(events),
        options_(options),
        lived_(events, weight),
        row_(events.groups()),
        clusters_(Eigen::MatrixXd::Zero(events.groups(), options.cluster ? options.clusters : 0)),
        meat_(Eigen::MatrixXd::Zero(events.groups(), events.groups())),
        pacer_(options.execution.interrupt) {}

  Eigen::MatrixXd run() {
    for (int s = 0; s < events_.order().strata(); ++s) add_stratum(s);
    for (Eigen::Index c = 0; c < clusters_.cols(); ++c) {
      pacer_.work(double(row_.size()) * double(row_.size()));
      add_square(clusters_.col(c), 1);
    }
    meat_.triangularView<Eigen::StrictlyUpper>() = meat_.transpose();
    return meat_;
  }

 private:
  void add_stratum(int s) {
    const RiskOrder& order = events_.order();
    int event = order.stratum_events[s];
    const int end = order.stratum_events[s + 1];
    for (int i = order.stratum_begin[s]; i < order.stratum_begin[s + 1]; ++i) {
      pacer_.work(double(row_.size()) * double(row_.size()));
      while (event < end && order.risk_end[event] <= i) ++event;
      contribution(i, event, order.delayed_entry() ? order.leave[i] : end);
      const double w = events_.weight_at(i);
      if (options_.cluster) {
        clusters_.col(options_.cluster[order.row[i]] - 1) += w * row_;
      } else {
        add_square(row_, options_.frequency ? w : w * w);
      }
    }
  }

  // Of the row at a position that is at risk at the events [begin, end). Its own group's element
  // makes the sum 0.
  void contribution(int position, int begin, int end) {
    const RiskOrder& order = events_.order();
    lived_.sum(begin, end, row_.data());
    const bool dies =
        begin < end && position >= order.death_begin[begin] && position < order.death_end[begin];
    if (dies) {
      const double* share = lived_.share(begin);
      for (Eigen::Index j = 0; j < row_.size(); ++j) row_[j] -= share[j];
    }
    const int own = events_.group_at(position);
    row_[own] = 0;
    row_[own] = -row_.sum();
  }

  template <class Vector>
  void add_square(const Vector& r, double weight) {
    for (Eigen::Index j = 0; j < r.size(); ++j) {
      const double scaled = weight * r[j];
      for (Eigen::Index i = j; i < r.size(); ++i) meat_(i, j) += scaled * r[i];
    }
  }

  const RankEvents& events_;
  const RankTestOptions& options_;
  const LivedShares lived_;
  Eigen::VectorXd row_;
  Eigen::MatrixXd clusters_;  // K x clusters
  Eigen::MatrixXd meat_;      // K x K, lower triangle
  Pacer pacer_;
};

}  // namespace

Eigen::MatrixXd robust_variance(const RankEvents& events, const RankTestOptions& options,
                                const std::vector<double>& weight) {
  return Sandwich(events, options, weight).run();
}

}  // namespace lmsurv
