#include "cox_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "deaths.hpp"
#include "exact_ties.hpp"
#include "row_kernels.hpp"
#include "row_matrix.hpp"

namespace lmsurv {
namespace {

constexpr std::size_t kTile = 64;  // risk-set means that are stacked before an update
constexpr int kTileRows = 64;      // rows that one step leaves in the nearest cache for the next

}  // namespace

// What the chunks add up: each its own share, summed in the order of chunks.
class CoxLikelihood::Accumulator : public EventVisitor {
 public:
  explicit Accumulator(CoxLikelihood& likelihood)
      : likelihood_(likelihood),
        stride_(likelihood.design_.stride()),
        shares_(likelihood.risk_sums_.chunks().size()) {
    for (std::size_t c = 0; c < shares_.size(); ++c) {
      Share& share = shares_[c];
      const Chunk& chunk = likelihood.risk_sums_.chunks()[c];
      share.tile = {chunk.row_begin, chunk.row_begin, chunk.event_begin, chunk.event_begin};
      share.gram.resize(stride_ * stride_);
      share.score.resize(stride_);
      share.means.resize(stride_ * kTile);
      share.shifted.resize(stride_);
      share.deaths.resize(stride_);
    }
  }

  // The hazards at the events of a chunk, from the sum of r over the rows that joined before.
  void add_hazards(std::size_t chunk, double s0) {
    const RiskSums& risk_sums = likelihood_.risk_sums_;
    const Chunk& events = risk_sums.chunks()[chunk];
    for (int k = events.event_begin; k < events.event_end; ++k) {
      if (risk_sums.first_of_stratum(k)) s0 = 0;
      for (int i = risk_sums.risk_begin(k); i < likelihood_.order_.risk_end[k]; ++i) {
        s0 += likelihood_.r_[std::size_t(i)];
      }
      const Deaths deaths = deaths_of(k);
      add_hazard(shares_[chunk], k, deaths.weight, s0, terms_of(deaths, s0));
      likelihood_.hazards_.death(k) = s0;
    }
  }

  // Nested risk sets, whose hazards are known: the rows follow as soon as there is a tile of them.
  void visit(std::size_t chunk, int event, const double* sums) override {
    Share& share = shares_[chunk];
    const WideRisks* wide = likelihood_.wide_.get();
    const bool nested = !likelihood_.order_.delayed_entry() && !wide;
    double& hazard_death = likelihood_.hazards_.death(event);
    const double s0 = nested ? hazard_death
                      : wide ? wide->risk(event)
                             : sums[likelihood_.design_.columns()];
    const Deaths deaths = deaths_of(event);
    const EventTerms t = terms_of(deaths, s0);
    if (!nested) add_hazard(share, event, deaths.weight, s0, t);
    hazard_death = deaths.weight > 0 ? t.hazard_death / s0 : 0;
    if (deaths.weight > 0) add_means(share, event, sums, s0, t);
    if (!nested) return;
    share.tile.event_end = event + 1;
    share.tile.row_end = likelihood_.order_.risk_end[event];
    if (share.tile.row_end - share.tile.row_begin >= kTileRows) add_tile(share);
  }

  // The means and rows that visit() left over.
  void finish(std::size_t chunk, const std::function<void()>& pause) {
    Share& share = shares_[chunk];
    flush(share);
    share.tile.event_end = likelihood_.risk_sums_.chunks()[chunk].event_end;
    share.tile.row_end = likelihood_.risk_sums_.chunks()[chunk].row_end;
    add_tile(share, pause);
  }

  void total(Evaluation& out) const {
    const Eigen::Index p = static_cast<Eigen::Index>(likelihood_.design_.columns());
    const Eigen::Index stride = static_cast<Eigen::Index>(stride_);
    RowMatrix gram = RowMatrix::Zero(stride, stride);
    out.score = Eigen::VectorXd::Zero(p);
    for (const Share& share : shares_) {
      out.value -= share.log_denominators;
      gram += Eigen::Map<const RowMatrix>(share.gram.data(), stride, stride);
      out.score += Eigen::Map<const Eigen::VectorXd>(share.score.data(), p);
    }
    out.information = gram.topLeftCorner(p, p).selfadjointView<Eigen::Upper>();
  }

 private:
  struct Share {
    Chunk tile;  // rows and events to be added next
    double log_denominators = 0;
    std::vector<double> gram, score;
    std::vector<double> means, shifted, deaths;
    std::vector<double> mean_weights;
  };

  Deaths deaths_of(int event) const {
    return deaths_at(likelihood_.order_, likelihood_.terms_, likelihood_.r_.data(), event);
  }

  EventTerms terms_of(const Deaths& deaths, double s0) const {
    return event_terms(likelihood_.ties_, deaths.risk / s0, deaths.count, deaths.weight);
  }

  void add_hazard(Share& share, int event, double weight, double s0, const EventTerms& t) {
    likelihood_.hazards_.survivor(event) = weight > 0 ? t.hazard / s0 : 0;
    if (weight > 0) share.log_denominators += t.log_denominator + weight * std::log(s0);
  }

  void add_means(Share& share, int event, const double* sums, double s0, const EventTerms& t) {
    if (likelihood_.design_.columns() == 0) return;
    const double factor = 1 / s0;
    if (t.hazard_shift == 0) {
      push(share, sums, factor, t.square);
      return;
    }
    sum_deaths(event, share.deaths);
    for (std::size_t j = 0; j < stride_; ++j) {
      share.shifted[j] = sums[j] - t.mean_shift * share.deaths[j];
    }
    push(share, share.shifted.data(), factor, t.square);
    push(share, share.deaths.data(), factor, t.spread);
  }

  void push(Share& share, const double* sums, double factor, double weight) {
    double* mean = &share.means[stride_ * share.mean_weights.size()];
    row_kernels().scale(sums, stride_, factor, mean);
    share.mean_weights.push_back(-weight);
    if (share.mean_weights.size() == kTile) flush(share);
  }

  // The rows of the tile, weighted by c_i for the information and by w_i less c_i, or -c_i where
  // the row lives, for the score. Either stands in r in its turn.
  void add_tile(Share& share, const std::function<void()>& pause = nullptr) {
    Chunk& tile = share.tile;
    const double* z = likelihood_.design_.at(std::size_t(tile.row_begin));
    const double* r = &likelihood_.r_[std::size_t(tile.row_begin)];
    const std::size_t rows = std::size_t(tile.row_end - tile.row_begin);
    likelihood_.hazards_.weigh(tile, likelihood_.r_.data());
    Pacer pacer(pause);
    for (std::size_t i = 0; i < rows; i += kTileRows) {
      row_kernels().gram(z + stride_ * i, std::min<std::size_t>(kTileRows, rows - i), stride_,
                         r + i, share.gram.data());
      pacer.work(kTileRows * double(stride_ * stride_) / 4);
    }
    likelihood_.subtract_expected(tile);
    row_kernels().accumulate(z, rows, stride_, r, share.score.data());
    tile.row_begin = tile.row_end;
    tile.event_begin = tile.event_end;
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
      r_(order.rows()),
      hazards_(order, risk_sums_, terms) {
  for (int k = 0; k < order.events(); ++k) {
    for (int i = order.death_begin[k]; i < order.death_end[k]; ++i) {
      death_weight_ += terms.weight_at(std::size_t(i));
    }
  }
}

// Fills r with eta.
void CoxLikelihood::predict(const Chunk& rows, const double* b) {
  const std::size_t begin = std::size_t(rows.row_begin);
  const std::size_t end = std::size_t(rows.row_end);
  row_kernels().dot(design_.at(begin), end - begin, design_.stride(), b, &r_[begin]);
  if (terms_.offset.empty() || ignore_offset_) return;
  for (std::size_t i = begin; i < end; ++i) r_[i] += terms_.offset[i];
}

std::vector<double> CoxLikelihood::padded(const Eigen::VectorXd& beta) const {
  std::vector<double> b(design_.stride());
  std::copy(beta.data(), beta.data() + beta.size(), b.begin());
  return b;
}

std::vector<double> CoxLikelihood::take_linear_predictors(const Eigen::VectorXd& beta) {
  predict_all(beta);
  return std::move(r_);
}

void CoxLikelihood::predict_all(const Eigen::VectorXd& beta) {
  const std::vector<double> b = padded(beta);
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  parallel_for(chunks.size(), execution_, [&](std::size_t c) { predict(chunks[c], b.data()); });
}

EventMoments CoxLikelihood::moments(const Eigen::VectorXd& beta) {
  score_rows(beta);
  return EventMoments(order_, terms_, design_, risk_sums_, ties_, r_, wide_.get());
}

// The sum of w eta over the deaths, r being eta.
double CoxLikelihood::score_deaths(const Chunk& rows) const {
  double total = 0;
  for (int k = rows.event_begin; k < rows.event_end; ++k) {
    for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
      total += terms_.weight_at(std::size_t(i)) * r_[i];
    }
  }
  return total;
}

// Fills r and, for nested risk sets, what the chunks carry on; where the risks are wide, r of the
// deaths alone. Returns the sum over the deaths of w eta, each less the log of its event's unit.
double CoxLikelihood::score_rows(const Eigen::VectorXd& beta) {
  const std::vector<double> b = padded(beta);
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  std::vector<double> deaths(chunks.size()), widest(chunks.size());
  carried_ = risk_sums_.nothing_carried();
  parallel_for(chunks.size(), execution_, [&](std::size_t c) {
    risk_sums_.for_each_tile(chunks[c], kTileRows, [&](const Chunk& tile) {
      predict(tile, b.data());
      deaths[c] += score_deaths(tile);
      for (int i = tile.row_begin; i < tile.row_end; ++i) {
        widest[c] = std::max(widest[c], std::fabs(r_[i]));
        r_[i] = terms_.weight_at(std::size_t(i)) * std::exp(r_[i]);
      }
      if (!order_.delayed_entry()) risk_sums_.add_to_next(c, tile, r_.data(), carried_);
    });
  });
  wide_.reset();
  if (is_wide(widest)) return score_wide_rows(beta);
  risk_sums_.carry_on(carried_);
  double total = 0;
  for (double d : deaths) total += d;
  return total;
}

double CoxLikelihood::score_wide_rows(const Eigen::VectorXd& beta) {
  predict_all(beta);
  wide_ = std::make_unique<WideRisks>(order_, risk_sums_, terms_, design_, r_);
  wide_->fill_deaths(r_);
  double total = 0;
  for (int k = 0; k < order_.events(); ++k) {
    for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
      const double w = terms_.weight_at(std::size_t(i));
      if (w > 0) total += w * (wide_->eta(i) - wide_->log_unit(k));
    }
  }
  return total;
}

void CoxLikelihood::subtract_expected(const Chunk& rows) {
  for (int i = rows.row_begin; i < rows.row_end; ++i) r_[i] = -r_[i];
  for (int k = rows.event_begin; k < rows.event_end; ++k) {
    for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
      r_[i] += terms_.weight_at(std::size_t(i));
    }
  }
}

void CoxLikelihood::evaluate(const Eigen::VectorXd& beta, Evaluation& out) {
  if (ties_ == Ties::exact) {
    predict_all(beta);
    out.value = 0;
    for (const Chunk& chunk : risk_sums_.chunks()) out.value += score_deaths(chunk);
    add_exact_ties(order_, design_, terms_, risk_sums_, r_.data(), execution_, out);
    return;
  }
  out.value = score_rows(beta);
  Accumulator accumulator(*this);
  const std::size_t chunks = risk_sums_.chunks().size();
  if (wide_) {
    wide_->visit(execution_, accumulator);
    hazards_.collect(wide_.get());
  } else if (order_.delayed_entry()) {
    risk_sums_.visit(r_.data(), accumulator);
    hazards_.collect(wide_.get());
  } else {
    parallel_for(chunks, execution_,
                 [&](std::size_t c) { accumulator.add_hazards(c, carried_.risk[c]); });
    hazards_.collect(wide_.get());
    risk_sums_.visit_nested(r_.data(), carried_, accumulator);
  }
  parallel_for(chunks, execution_,
               [&](std::size_t c, const auto& pause) { accumulator.finish(c, pause); });
  hazards_.forget_sums();
  accumulator.total(out);
}

Eigen::MatrixXd CoxLikelihood::column_information() {
  ignore_offset_ = true;
  Evaluation bare;
  evaluate(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(design_.columns())), bare);
  ignore_offset_ = false;
  return bare.information;
}

}  // namespace lmsurv
