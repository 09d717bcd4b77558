#include "exact_ties.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lmsurv {
namespace {

using Eigen::Index;

double log_sum(double a, double b) {
  const double larger = std::max(a, b);
  const double smaller = std::min(a, b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(smaller - larger));
}

// The law of the sum of z over a random subset of each size, of the rows added so far.
class SubsetLaws {
 public:
  SubsetLaws(int largest, Index p) : sizes_(static_cast<std::size_t>(largest) + 1) {
    for (Law& law : sizes_) {
      law.mean = Eigen::VectorXd::Zero(p);
      law.covariance = Eigen::MatrixXd::Zero(p, p);
    }
    clear();
  }

  void clear() {
    rows_ = 0;
    for (Law& law : sizes_) law.log_sum = -std::numeric_limits<double>::infinity();
    sizes_[0].log_sum = 0;
  }

  void add(double log_risk, const Eigen::VectorXd& z) {
    ++rows_;
    for (std::size_t j = std::min(rows_, sizes_.size() - 1); j > 0; --j) {
      const Law& without = sizes_[j - 1];
      Law& law = sizes_[j];
      const double log_with = without.log_sum + log_risk;
      if (j == rows_) {
        law.log_sum = log_with;
        law.mean = without.mean + z;
        law.covariance = without.covariance;
        continue;
      }
      const double q = 1 / (1 + std::exp(law.log_sum - log_with));
      law.log_sum = log_sum(law.log_sum, log_with);
      delta_ = without.mean + z - law.mean;
      law.covariance *= 1 - q;
      law.covariance += q * without.covariance;
      law.covariance.noalias() += (q * (1 - q) * delta_) * delta_.transpose();
      law.mean += q * delta_;
    }
  }

  struct Law {
    double log_sum;
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
  };
  const Law& of_size(int deaths) const { return sizes_[static_cast<std::size_t>(deaths)]; }

 private:
  std::vector<Law> sizes_;
  std::size_t rows_ = 0;
  Eigen::VectorXd delta_;
};

class ExactTies {
 public:
  ExactTies(const RiskOrder& order, const StandardDesign& design, const RowTerms& terms,
            const RiskSums& risk_sums, const double* eta, const Execution& execution,
            Evaluation& out)
      : order_(order),
        design_(design),
        terms_(terms),
        risk_sums_(risk_sums),
        eta_(eta),
        execution_(execution),
        out_(out),
        p_(static_cast<Index>(design.columns())) {
    out_.score = Eigen::VectorXd::Zero(p_);
    out_.information = Eigen::MatrixXd::Zero(p_, p_);
  }

  void add_stratum(int s) {
    const int begin = order_.stratum_events[s];
    const int end = order_.stratum_events[s + 1];
    int most = 0;
    for (int k = begin; k < end; ++k) most = std::max(most, deaths(k));
    SubsetLaws laws(most, p_);
    for (int k = begin; k < end; ++k) {
      if (order_.delayed_entry()) {
        laws.clear();
        for (int i = risk_sums_.risk_begin(begin); i < order_.risk_end[k]; ++i) {
          if (order_.join[i] <= k && k < order_.leave[i]) add_row(i, laws);
        }
      } else {
        for (int i = risk_sums_.risk_begin(k); i < order_.risk_end[k]; ++i) add_row(i, laws);
      }
      add_event(k, laws.of_size(deaths(k)));
    }
  }

 private:
  int copies(int position) const {
    return static_cast<int>(terms_.weight_at(static_cast<std::size_t>(position)));
  }

  int deaths(int event) const {
    int count = 0;
    for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) count += copies(i);
    return count;
  }

  Eigen::Map<const Eigen::VectorXd> row(int i) const {
    return {design_.at(static_cast<std::size_t>(i)), p_};
  }

  void add_row(int i, SubsetLaws& laws) {
    const int times = copies(i);
    for (int copy = 0; copy < times; ++copy) laws.add(eta_[i], row(i));
    if (++steps_ % 1024 == 0) execution_.pause();
  }

  void add_event(int event, const SubsetLaws::Law& law) {
    for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
      out_.score += copies(i) * row(i);
    }
    out_.value -= law.log_sum;
    out_.score -= law.mean;
    out_.information += law.covariance;
  }

  const RiskOrder& order_;
  const StandardDesign& design_;
  const RowTerms& terms_;
  const RiskSums& risk_sums_;
  const double* eta_;
  const Execution& execution_;
  Evaluation& out_;
  const Index p_;
  unsigned steps_ = 0;
};

}  // namespace

void add_exact_ties(const RiskOrder& order, const StandardDesign& design, const RowTerms& terms,
                    const RiskSums& risk_sums, const double* eta, const Execution& execution,
                    Evaluation& out) {
  ExactTies ties(order, design, terms, risk_sums, eta, execution, out);
  for (int s = 0; s < order.strata(); ++s) ties.add_stratum(s);
}

}  // namespace lmsurv
