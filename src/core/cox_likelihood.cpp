#include "cox_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "event_moments.hpp"
#include "exact_ties.hpp"
#include "row_kernels.hpp"

namespace lmsurv {
namespace {

constexpr std::size_t kTile = 64;  // risk-set means that are stacked before an update

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<double> by_position(const double* values, const RiskOrder& order) {
  if (!values) return {};
  std::vector<double> out(order.rows());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[order.row[i]];
  return out;
}

}  // namespace

RowTerms::RowTerms(const Response& response, const RiskOrder& order, bool frequency_weights)
    : weight(by_position(response.weight, order)),
      offset(by_position(response.offset, order)),
      frequency(frequency_weights) {}

Deaths deaths_at(const RiskOrder& order, const RowTerms& terms, const double* r, int event) {
  Deaths deaths{0, 0, 0};
  for (int i = order.death_begin[event]; i < order.death_end[event]; ++i) {
    const double w = terms.weight_at(std::size_t(i));
    deaths.count += terms.frequency ? w : w > 0;
    deaths.weight += w;
    deaths.risk += r[i];
  }
  return deaths;
}

// What the chunks add up: each its own share, summed in the order of chunks.
class CoxLikelihood::Accumulator : public EventVisitor {
 public:
  explicit Accumulator(CoxLikelihood& likelihood)
      : likelihood_(likelihood),
        stride_(likelihood.design_.stride()),
        shares_(likelihood.risk_sums_.chunks().size()) {
    for (Share& share : shares_) {
      share.gram.resize(stride_ * stride_);
      share.means.resize(stride_ * kTile);
      share.shifted.resize(stride_);
      share.deaths.resize(stride_);
    }
  }

  void visit(std::size_t chunk, int event, const double* sums) override {
    Share& share = shares_[chunk];
    const std::size_t ones = likelihood_.design_.columns();
    const Deaths deaths =
        deaths_at(likelihood_.order_, likelihood_.terms_, likelihood_.r_.data(), event);
    if (deaths.weight <= 0) {
      likelihood_.hazard_[event] = likelihood_.hazard_death_[event] = 0;
      return;
    }
    const double s0 = sums[ones];
    const EventTerms t =
        event_terms(likelihood_.ties_, deaths.risk / s0, deaths.count, deaths.weight);
    share.log_denominators += t.log_denominator + deaths.weight * std::log(s0);
    likelihood_.hazard_[event] = t.hazard / s0;
    likelihood_.hazard_death_[event] = t.hazard_death / s0;
    if (ones == 0) return;
    if (t.hazard_shift == 0) {
      push(share, sums, 1 / s0, t.square);
      return;
    }
    sum_deaths(event, share.deaths);
    for (std::size_t j = 0; j < stride_; ++j) {
      share.shifted[j] = sums[j] - t.mean_shift * share.deaths[j];
    }
    push(share, share.shifted.data(), 1 / s0, t.square);
    push(share, share.deaths.data(), 1 / s0, t.spread);
  }

  // The rows of a chunk, weighted by c_i, which then stand in r.
  void add_rows(std::size_t chunk) {
    Share& share = shares_[chunk];
    flush(share);
    const Chunk& rows = likelihood_.risk_sums_.chunks()[chunk];
    row_kernels().gram(likelihood_.design_.at(std::size_t(rows.row_begin)),
                       std::size_t(rows.row_end - rows.row_begin), stride_,
                       &likelihood_.r_[std::size_t(rows.row_begin)], share.gram.data());
  }

  // The column of ones makes the last column of the rows' share sum_i c_i z_i: what is expected of
  // the deaths' sum.
  void total(Evaluation& out) const {
    const Eigen::Index p = static_cast<Eigen::Index>(likelihood_.design_.columns());
    const Eigen::Index stride = static_cast<Eigen::Index>(stride_);
    RowMajor gram = RowMajor::Zero(stride, stride);
    for (const Share& share : shares_) {
      out.value -= share.log_denominators;
      gram += Eigen::Map<const RowMajor>(share.gram.data(), stride, stride);
    }
    out.score = likelihood_.death_sum_ - gram.col(p).head(p);
    out.information = gram.topLeftCorner(p, p).selfadjointView<Eigen::Upper>();
  }

 private:
  struct Share {
    double log_denominators = 0;
    std::vector<double> gram, means, shifted, deaths;
    std::vector<double> mean_weights;
  };

  void push(Share& share, const double* sums, double factor, double weight) {
    double* mean = &share.means[stride_ * share.mean_weights.size()];
    row_kernels().scale(sums, stride_, factor, mean);
    mean[likelihood_.design_.columns()] = 0;
    share.mean_weights.push_back(-weight);
    if (share.mean_weights.size() == kTile) flush(share);
  }

  void flush(Share& share) {
    row_kernels().gram(share.means.data(), share.mean_weights.size(), stride_,
                       share.mean_weights.data(), share.gram.data());
    share.mean_weights.clear();
  }

  void sum_deaths(int event, std::vector<double>& sum) const {
    const int begin = likelihood_.order_.death_begin[event];
    std::fill(sum.begin(), sum.end(), 0.0);
    row_kernels().accumulate(likelihood_.design_.at(std::size_t(begin)),
                             std::size_t(likelihood_.order_.death_end[event] - begin), stride_,
                             &likelihood_.r_[std::size_t(begin)], sum.data());
  }

  CoxLikelihood& likelihood_;
  const std::size_t stride_;
  std::vector<Share> shares_;
};

CoxLikelihood::CoxLikelihood(const RiskOrder& order, const StandardDesign& design,
                             const RowTerms& terms, Ties ties, const Execution& execution)
    : order_(order),
      design_(design),
      terms_(terms),
      ties_(ties),
      execution_(execution),
      risk_sums_(order, design.data(), design.stride(), execution),
      r_(order.rows()) {
  sum_over_deaths();
  if (ties_ == Ties::exact) return;
  hazard_.resize(std::size_t(order.events()));
  hazard_death_.resize(hazard_.size());
}

void CoxLikelihood::sum_over_deaths() {
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  const std::size_t stride = design_.stride();
  RowMajor sums =
      RowMajor::Zero(static_cast<Eigen::Index>(chunks.size()), static_cast<Eigen::Index>(stride));
  parallel_for(chunks.size(), execution_, [&](std::size_t c) {
    double* sum = sums.data() + stride * c;
    for (int k = chunks[c].event_begin; k < chunks[c].event_end; ++k) {
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        const double w = terms_.weight_at(std::size_t(i));
        row_kernels().accumulate(design_.at(std::size_t(i)), 1, stride, &w, sum);
      }
    }
  });
  const Eigen::Index p = static_cast<Eigen::Index>(design_.columns());
  Eigen::VectorXd total = Eigen::VectorXd::Zero(sums.cols());
  for (Eigen::Index c = 0; c < sums.rows(); ++c) total += sums.row(c).transpose();
  death_sum_ = total.head(p);
  death_weight_ = total[p];
}

// Fills r with eta.
void CoxLikelihood::predict(const Eigen::VectorXd& beta) {
  std::vector<double> b(design_.stride());
  std::copy(beta.data(), beta.data() + beta.size(), b.begin());
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  parallel_for(chunks.size(), execution_, [&](std::size_t c) {
    const std::size_t begin = std::size_t(chunks[c].row_begin);
    const std::size_t end = std::size_t(chunks[c].row_end);
    row_kernels().dot(design_.at(begin), end - begin, design_.stride(), b.data(), &r_[begin]);
    if (terms_.offset.empty()) return;
    for (std::size_t i = begin; i < end; ++i) r_[i] += terms_.offset[i];
  });
}

std::vector<double> CoxLikelihood::take_linear_predictors(const Eigen::VectorXd& beta) {
  predict(beta);
  return std::move(r_);
}

EventMoments CoxLikelihood::moments(const Eigen::VectorXd& beta) {
  score_rows(beta);
  return EventMoments(order_, terms_, design_, risk_sums_, ties_, r_);
}

// Fills r and returns the sum of w eta over the deaths.
double CoxLikelihood::score_rows(const Eigen::VectorXd& beta) {
  predict(beta);
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  std::vector<double> deaths(chunks.size());
  parallel_for(chunks.size(), execution_, [&](std::size_t c) {
    for (int k = chunks[c].event_begin; k < chunks[c].event_end; ++k) {
      for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
        deaths[c] += terms_.weight_at(std::size_t(i)) * r_[i];
      }
    }
    for (int i = chunks[c].row_begin; i < chunks[c].row_end; ++i) {
      r_[i] = terms_.weight_at(std::size_t(i)) * std::exp(r_[i]);
    }
  });
  double total = 0;
  for (double d : deaths) total += d;
  return total;
}

// Nested: hazard_[k] becomes the sum of h over event k and those after it in its stratum.
void CoxLikelihood::collect_hazards() {
  double sum = 0;
  for (int k = order_.events() - 1; k >= 0; --k) {
    sum += hazard_[k];
    hazard_[k] = sum;
    if (risk_sums_.first_of_stratum(k)) sum = 0;
  }
}

// Rows that join the risk set of no event (between the last event of a stratum and its end) get 0.
void CoxLikelihood::nested_row_weights(const Chunk& chunk) {
  double* r = r_.data();
  int row = chunk.row_begin;
  for (int k = chunk.event_begin; k < chunk.event_end; ++k) {
    for (; row < risk_sums_.risk_begin(k); ++row) r[row] = 0;
    const double lived = hazard_[k];
    const bool last = k + 1 == order_.events() || risk_sums_.first_of_stratum(k + 1);
    const double at_death = (last ? 0 : hazard_[k + 1]) + hazard_death_[k];
    for (; row < order_.death_begin[k]; ++row) r[row] *= lived;
    for (; row < order_.death_end[k]; ++row) r[row] *= at_death;
    for (; row < order_.risk_end[k]; ++row) r[row] *= lived;
  }
  for (; row < chunk.row_end; ++row) r[row] = 0;
}

void CoxLikelihood::interval_row_weights(const Chunk& chunk, const RangeSums& hazards) {
  for (int i = chunk.row_begin; i < chunk.row_end; ++i) {
    const int join = order_.join[i];
    if (join >= order_.leave[i]) {
      r_[i] = 0;
      continue;
    }
    const bool dies = i >= order_.death_begin[join] && i < order_.death_end[join];
    double lived = dies ? hazard_death_[join] : 0;
    hazards.add_to(join + dies, order_.leave[i], &lived);
    r_[i] *= lived;
  }
}

void CoxLikelihood::evaluate(const Eigen::VectorXd& beta, Evaluation& out) {
  out.value = score_rows(beta);
  if (ties_ == Ties::exact) {
    add_exact_ties(order_, design_, terms_, risk_sums_, r_.data(), execution_, out);
    return;
  }
  Accumulator accumulator(*this);
  risk_sums_.visit(r_.data(), accumulator);
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  if (order_.delayed_entry()) {
    const RangeSums hazards(hazard_, 1);
    parallel_for(chunks.size(), execution_, [&](std::size_t c) {
      interval_row_weights(chunks[c], hazards);
      accumulator.add_rows(c);
    });
  } else {
    collect_hazards();
    parallel_for(chunks.size(), execution_, [&](std::size_t c) {
      nested_row_weights(chunks[c]);
      accumulator.add_rows(c);
    });
  }
  accumulator.total(out);
}

}  // namespace lmsurv
