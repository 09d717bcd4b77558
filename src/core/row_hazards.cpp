#include "row_hazards.hpp"

namespace lmsurv {

RowHazards::RowHazards(const RiskOrder& order, const RiskSums& risk_sums, const RowTerms& terms)
    : order_(order),
      risk_sums_(risk_sums),
      terms_(terms),
      survivor_(std::size_t(order.events())),
      death_(std::size_t(order.events())) {}

void RowHazards::collect(const WideRisks* wide) {
  wide_ = wide;
  if (wide_) {
    scaled_ = std::make_unique<ScaledRanges>(order_.events(), 1);
    for (int k = 0; k < order_.events(); ++k) {
      if (survivor_[k] > 0) scaled_->set(k, -wide_->log_unit(k), &survivor_[k]);
    }
    scaled_->finish();
    return;
  }
  if (order_.delayed_entry()) {
    intervals_ = std::make_unique<RangeSums>(survivor_, 1);
    return;
  }
  double sum = 0;
  for (int k = order_.events() - 1; k >= 0; --k) {
    sum += survivor_[k];
    survivor_[k] = sum;
    if (risk_sums_.first_of_stratum(k)) sum = 0;
  }
}

void RowHazards::weigh(const Chunk& rows, double* r) const {
  if (wide_) {
    weigh_wide(rows, r);
  } else if (order_.delayed_entry()) {
    weigh_interval(rows, r);
  } else {
    weigh_nested(rows, r);
  }
}

void RowHazards::weigh_nested(const Chunk& rows, double* r) const {
  int row = rows.row_begin;
  for (int k = rows.event_begin; k < rows.event_end; ++k) {
    for (; row < risk_sums_.risk_begin(k); ++row) r[row] = 0;
    const double lived = survivor_[k];
    const bool last = k + 1 == order_.events() || risk_sums_.first_of_stratum(k + 1);
    const double at_death = (last ? 0 : survivor_[k + 1]) + death_[k];
    for (; row < order_.risk_end[k]; ++row) {
      const bool dies = row >= order_.death_begin[k] && row < order_.death_end[k];
      r[row] *= dies ? at_death : lived;
    }
  }
  for (; row < rows.row_end; ++row) r[row] = 0;
}

void RowHazards::weigh_interval(const Chunk& rows, double* r) const {
  for (int i = rows.row_begin; i < rows.row_end; ++i) {
    const int join = order_.join[i];
    if (join >= order_.leave[i]) {
      r[i] = 0;
      continue;
    }
    const bool dies = i >= order_.death_begin[join] && i < order_.death_end[join];
    double lived = dies ? death_[join] : 0;
    intervals_->add_to(join + dies, order_.leave[i], &lived);
    r[i] *= lived;
  }
}

void RowHazards::weigh_wide(const Chunk& rows, double* r) const {
  int row = rows.row_begin;
  for (int k = rows.event_begin; k < rows.event_end; ++k) {
    for (; row < risk_sums_.risk_begin(k); ++row) r[row] = 0;
    for (; row < order_.risk_end[k]; ++row) {
      const double w = terms_.weight_at(std::size_t(row));
      const int leave = wide_->leave(row, k);
      const bool dies = row >= order_.death_begin[k] && row < order_.death_end[k];
      double lived = 0;
      if (w > 0 && leave > k) scaled_->add_to(k + dies, leave, wide_->eta(row), &lived);
      r[row] = w * lived + (dies ? death_[k] * r[row] : 0);
    }
  }
  for (; row < rows.row_end; ++row) r[row] = 0;
}

void RowHazards::forget_sums() {
  intervals_.reset();
  scaled_.reset();
}

}  // namespace lmsurv
