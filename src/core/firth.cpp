#include "firth.hpp"

#include <cstddef>
#include <limits>
#include <vector>

#include "event_moments.hpp"
#include "row_kernels.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;

// Of the information: some units in the last place, as it is a difference.
constexpr double kRounding = 16 * std::numeric_limits<double>::epsilon();

// Sums the gradient of log det I over rows and events, each chunk its own share.
class TraceGradient {
 public:
  TraceGradient(const EventMoments& moments, const Eigen::MatrixXd& inverse)
      : m_(moments),
        columns_(moments.ones()),
        inverse_(columns_ * moments.stride()),
        shares_(moments.risk_sums().chunks().size(),
                {std::vector<double>(columns_), std::vector<double>(columns_),
                 std::vector<double>(moments.stride())}) {
    for (std::size_t a = 0; a < columns_; ++a) {
      for (std::size_t b = 0; b < columns_; ++b) {
        inverse_[a * m_.stride() + b] = inverse(static_cast<Index>(a), static_cast<Index>(b));
      }
    }
  }

  Eigen::VectorXd sum(const Execution& execution) {
    RowWalk(m_, execution).for_each([&](std::size_t c, int i, int, const double* lived) {
      add_row(shares_[c], i, lived);
    });
    parallel_for(shares_.size(), execution, [&](std::size_t c) {
      const Chunk& chunk = m_.risk_sums().chunks()[c];
      for (int k = chunk.event_begin; k < chunk.event_end; ++k) add_event(shares_[c], k);
    });
    Eigen::VectorXd total = Eigen::VectorXd::Zero(static_cast<Index>(columns_));
    for (const Share& share : shares_) {
      total += Eigen::Map<const Eigen::VectorXd>(share.sum.data(), total.size());
    }
    return total;
  }

 private:
  struct Share {
    std::vector<double> sum, product, survivors;
  };

  // out = A z
  void multiply(const double* z, double* out) const {
    row_kernels().dot(inverse_.data(), columns_, m_.stride(), z, out);
  }

  double dot(const double* a, const double* b) const {
    double total = 0;
    for (std::size_t j = 0; j < columns_; ++j) total += a[j] * b[j];
    return total;
  }

  void add(Share& share, double factor, const double* v) const {
    for (std::size_t j = 0; j < columns_; ++j) share.sum[j] += factor * v[j];
  }

  void add_row(Share& share, int i, const double* lived) const {
    const double* z = m_.design().at(std::size_t(i));
    multiply(z, share.product.data());
    const double q = dot(z, share.product.data());
    const double r = m_.weighted_risk(i);
    add(share, r * (q * lived[columns_] - 2 * dot(lived, share.product.data())), z);
    add(share, -r * q, lived);
  }

  // The means of tied deaths are m_j = (S + g_j D) / s_j, S = M - D of the survivors and g_j =
  // 1 - f_j: nothing cancels when few survive.
  void add_event(Share& share, int k) const {
    const EventMoments::Event& event = m_.event(k);
    const double* mean = m_.risk_mean(k);
    const double* tied = m_.tied_mean(k);
    if (!tied) {
      multiply(mean, share.product.data());
      add(share, 2 * event.deaths.weight * dot(mean, share.product.data()), mean);
      return;
    }
    std::vector<double>& rest = share.survivors;
    for (std::size_t j = 0; j < rest.size(); ++j) rest[j] = mean[j] - tied[j];
    multiply(tied, share.product.data());
    const double both = dot(tied, share.product.data());
    const double cross = dot(rest.data(), share.product.data());
    multiply(rest.data(), share.product.data());
    const double own = dot(rest.data(), share.product.data());
    const CubicTerms c = cubic_terms(tied[columns_], event.deaths.count, event.deaths.weight);
    add(share, 2 * (c.power[0] * own + 2 * c.power[1] * cross + c.power[2] * both), rest.data());
    add(share, 2 * (c.power[1] * own + 2 * c.power[2] * cross + c.power[3] * both), tied);
  }

  const EventMoments& m_;
  const std::size_t columns_;
  std::vector<double> inverse_;  // columns x stride
  std::vector<Share> shares_;
};

}  // namespace

FirthPenalty::FirthPenalty(CoxLikelihood& likelihood, const NewtonOptions& options,
                           const Execution& execution)
    : likelihood_(likelihood), options_(options), execution_(execution) {}

void FirthPenalty::add_to(const Eigen::VectorXd& beta, Evaluation& evaluation) {
  if (!information_) {
    information_.emplace(likelihood_.column_information(), options_.toler_chol, options_.curvature,
                         std::vector<bool>(), options_.pause);
  }
  if (!information_->update(evaluation.information)) {
    evaluation.value = -std::numeric_limits<double>::infinity();
    return;
  }
  evaluation.value += information_->log_determinant() / 2;
  evaluation.rounding = kRounding * information_->amplification();
  const EventMoments moments = likelihood_.moments(beta);
  evaluation.score += TraceGradient(moments, information_->inverse()).sum(execution_) / 2;
}

}  // namespace lmsurv
