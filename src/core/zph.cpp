#include "zph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "deaths.hpp"
#include "event_terms.hpp"
#include "interval_sums.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_kernels.hpp"
#include "row_matrix.hpp"
#include "row_terms.hpp"
#include "wide_risks.hpp"

namespace lmsurv {
namespace {

constexpr std::size_t kTile = 64;
constexpr std::size_t kPowers = 3;  // g^0, g^1, g^2

using Powers = std::array<double, kPowers>;

Powers powers_of(double g, double weight) { return {weight, weight * g, weight * g * g}; }

// The sums of c_q v v' for q = 0, 1, 2 over rows v that are given one at a time.
class PowerGrams {
 public:
  explicit PowerGrams(std::size_t stride) : stride_(stride), rows_(stride * kTile) {
    for (auto& gram : gram_) gram.resize(stride * stride);
  }

  void add(const double* v, const Powers& c) {
    if (used_ == kTile) flush();
    std::copy_n(v, stride_, &rows_[stride_ * used_]);
    for (std::size_t q = 0; q < kPowers; ++q) weights_[q][used_] = c[q];
    ++used_;
  }

  Eigen::MatrixXd total(std::size_t q, Eigen::Index p) {
    flush();
    const Eigen::Index stride = static_cast<Eigen::Index>(stride_);
    return Eigen::Map<const RowMatrix>(gram_[q].data(), stride, stride)
        .topLeftCorner(p, p)
        .selfadjointView<Eigen::Upper>();
  }

 private:
  void flush() {
    for (std::size_t q = 0; q < kPowers && used_ > 0; ++q) {
      row_kernels().gram(rows_.data(), used_, stride_, weights_[q].data(), gram_[q].data());
    }
    used_ = 0;
  }

  std::size_t stride_;
  std::size_t used_ = 0;
  std::vector<double> rows_;
  std::array<std::array<double, kTile>, kPowers> weights_;
  std::array<std::vector<double>, kPowers> gram_;
};

// sum_k g_k^q V_k = sum_i c_iq z_i z_i' - sum_k g_k^q sum_j w m_j m_j', as in cox_likelihood.hpp,
// with c_iq = r_i times the sum of g_k^q h_k over the events at which row i is at risk.
class TimeMoments : public EventVisitor {
 public:
  TimeMoments(const std::vector<Column>& columns, const FittedModel& model, const double* g)
      : order_(build_risk_order(model.response, model.merge_close_times, model.execution)),
        terms_(model.response, order_, model.frequency),
        execution_(model.execution),
        ties_(model.ties),
        design_(columns, order_, model.response.weight, execution_),
        risk_sums_(order_, design_.data(), design_.stride(), execution_),
        risks_(by_position(model.linear_predictors, order_), order_, risk_sums_, terms_, design_),
        g_(std::size_t(order_.events())),
        hazard_(kPowers * g_.size(), 0.0),
        hazard_death_(kPowers * g_.size(), 0.0) {
    for (int k = 0; k < order_.events(); ++k) g_[k] = g[order_.row[order_.death_begin[k]]];
    const std::size_t chunks = risk_sums_.chunks().size();
    means_.assign(chunks, PowerGrams(design_.stride()));
    rows_.assign(chunks, PowerGrams(design_.stride()));
    scores_.assign(chunks, Eigen::VectorXd::Zero(static_cast<Eigen::Index>(design_.columns())));
  }

  TimeScore compute() {
    if (risks_.wide) {
      risks_.wide->visit(execution_, *this);
    } else {
      risk_sums_.visit(risks_.weighted.data(), *this);
    }
    sum_rows();
    const Eigen::Index p = static_cast<Eigen::Index>(design_.columns());
    const Eigen::Map<const Eigen::VectorXd> scale(design_.scale().data(), p);
    TimeScore out;
    out.score = Eigen::VectorXd::Zero(p);
    std::array<Eigen::MatrixXd*, kPowers> target{&out.information, &out.cross, &out.square};
    for (std::size_t q = 0; q < kPowers; ++q) {
      Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(p, p);
      for (std::size_t c = 0; c < rows_.size(); ++c) {
        sum += rows_[c].total(q, p) - means_[c].total(q, p);
      }
      *target[q] = scale.asDiagonal() * sum * scale.asDiagonal();
    }
    for (const Eigen::VectorXd& score : scores_) out.score += score.cwiseProduct(scale);
    return out;
  }

  void visit(std::size_t chunk, int event, const double* s1) override {
    const Deaths deaths = deaths_at(order_, terms_, risks_.weighted.data(), event);
    if (deaths.weight <= 0) return;
    const std::size_t ones = design_.columns();
    const double s0 = s1[ones];
    const EventTerms t = event_terms(ties_, deaths.risk / s0, deaths.count, deaths.weight);
    const double g = g_[std::size_t(event)];
    const Powers hazard = powers_of(g, t.hazard / s0);
    const Powers hazard_death = powers_of(g, t.hazard_death / s0);
    std::copy_n(hazard.data(), kPowers, &hazard_[kPowers * std::size_t(event)]);
    std::copy_n(hazard_death.data(), kPowers, &hazard_death_[kPowers * std::size_t(event)]);

    std::vector<double> shifted(design_.stride(), 0.0);  // M - f D
    std::vector<double> dying(design_.stride(), 0.0);    // D
    sum_deaths(event, risks_.weighted.data(), dying.data());
    for (std::size_t j = 0; j < ones; ++j) {
      dying[j] /= s0;
      shifted[j] = s1[j] / s0 - t.mean_shift * dying[j];
      scores_[chunk][static_cast<Eigen::Index>(j)] -=
          g * (t.hazard * (s1[j] / s0) - t.hazard_shift * dying[j]);
    }
    means_[chunk].add(shifted.data(), powers_of(g, t.square));
    if (t.spread > 0) means_[chunk].add(dying.data(), powers_of(g, t.spread));
    for (int i = order_.death_begin[event]; i < order_.death_end[event]; ++i) {
      const double w = g * terms_.weight_at(std::size_t(i));
      const double* z = design_.at(std::size_t(i));
      for (std::size_t j = 0; j < ones; ++j)
        scores_[chunk][static_cast<Eigen::Index>(j)] += w * z[j];
    }
  }

 private:
  void sum_deaths(int event, const double* weight, double* sum) const {
    const std::size_t begin = std::size_t(order_.death_begin[event]);
    const std::size_t deaths = std::size_t(order_.death_end[event]) - begin;
    row_kernels().accumulate(design_.at(begin), deaths, design_.stride(), weight + begin, sum);
  }

  // Sums over events and those after them in order, or what tells them over intervals.
  void collect_hazards() {
    const std::size_t events = g_.size();
    if (risks_.wide) {
      wide_ranges_ = std::make_unique<ScaledRanges>(order_.events(), kPowers);
      for (std::size_t k = 0; k < events; ++k) {
        const double log_unit = risks_.wide->log_unit(int(k));
        if (std::isfinite(log_unit)) wide_ranges_->set(int(k), -log_unit, &hazard_[kPowers * k]);
      }
      wide_ranges_->finish();
    } else if (order_.delayed_entry()) {
      ranges_ = std::make_unique<RangeSums>(hazard_, kPowers);
    } else {
      for (std::size_t k = events; k-- > 1;) {
        if (risk_sums_.first_of_stratum(int(k))) continue;
        for (std::size_t q = 0; q < kPowers; ++q) {
          hazard_[kPowers * (k - 1) + q] += hazard_[kPowers * k + q];
        }
      }
    }
  }

  void sum_rows() {
    collect_hazards();
    parallel_for(rows_.size(), execution_, [&](std::size_t c, const auto& pause) {
      Pacer pacer(pause);
      const Chunk& chunk = risk_sums_.chunks()[c];
      for (int k = chunk.event_begin; k < chunk.event_end; ++k) {
        for (int i = risk_sums_.risk_begin(k); i < order_.risk_end[k]; ++i) {
          if (order_.delayed_entry() && order_.leave[i] <= k) continue;
          const bool dies = i >= order_.death_begin[k] && i < order_.death_end[k];
          rows_[c].add(design_.at(std::size_t(i)), expected(k, i, dies));
          pacer.work(double(design_.stride() * design_.stride()));
        }
      }
    });
  }

  // c_iq of the row at position i, whose first event in order is k.
  Powers expected(int k, int i, bool dies) const {
    const int next = k + dies;
    Powers c{};
    if (dies) std::copy_n(&hazard_death_[kPowers * std::size_t(k)], kPowers, c.data());
    if (risks_.wide) {
      const double w = terms_.weight_at(std::size_t(i));
      Powers survived{};
      wide_ranges_->add_to(next, risks_.wide->leave(i, k), risks_.wide->eta(i), survived.data());
      for (std::size_t q = 0; q < kPowers; ++q) {
        c[q] = c[q] * risks_.weighted[std::size_t(i)] + (w > 0 ? w * survived[q] : 0);
      }
      return c;
    }
    if (ranges_) {
      ranges_->add_to(next, order_.leave[i], c.data());
    } else if (!dies || (next < order_.events() && !risk_sums_.first_of_stratum(next))) {
      for (std::size_t q = 0; q < kPowers; ++q) c[q] += hazard_[kPowers * std::size_t(next) + q];
    }
    for (double& part : c) part *= risks_.weighted[std::size_t(i)];
    return c;
  }

  const RiskOrder order_;
  const RowTerms terms_;
  const Execution execution_;
  const Ties ties_;
  const StandardDesign design_;
  const RiskSums risk_sums_;
  const Risks risks_;
  std::vector<double> g_;                      // by event
  std::vector<double> hazard_, hazard_death_;  // events x powers, in the units of the events
  std::unique_ptr<RangeSums> ranges_;          // with entry times
  std::unique_ptr<ScaledRanges> wide_ranges_;  // of wide risks
  std::vector<PowerGrams> means_, rows_;       // by chunk
  std::vector<Eigen::VectorXd> scores_;        // by chunk
};

}  // namespace

TimeScore time_score(const std::vector<Column>& columns, const FittedModel& model,
                     const double* g) {
  return TimeMoments(columns, model, g).compute();
}

}  // namespace lmsurv
