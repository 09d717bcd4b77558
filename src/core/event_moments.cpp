#include "event_moments.hpp"

#include <utility>

#include "row_kernels.hpp"

namespace lmsurv {

class EventMoments::Walk : public EventVisitor {
 public:
  Walk(EventMoments& moments, Ties ties) : m_(moments), ties_(ties) {}

  void visit(std::size_t, int k, const double* sums) override {
    const Deaths deaths = deaths_at(m_.order_, m_.terms_, m_.r_.data(), k);
    if (deaths.weight <= 0) return;
    const std::size_t stride = m_.stride();
    const double risk = sums[m_.ones()];
    m_.events_[std::size_t(k)] = {
        deaths, event_terms(ties_, deaths.risk / risk, deaths.count, deaths.weight), risk};
    row_kernels().scale(sums, stride, 1 / risk, &m_.risk_mean_[stride * std::size_t(k)]);
    if (m_.tied_[std::size_t(k)] < 0) return;
    double* tied = &m_.tied_mean_[stride * std::size_t(m_.tied_[std::size_t(k)])];
    const int begin = m_.order_.death_begin[k];
    row_kernels().accumulate(m_.design_.at(std::size_t(begin)),
                             std::size_t(m_.order_.death_end[k] - begin), stride,
                             &m_.r_[std::size_t(begin)], tied);
    row_kernels().scale(tied, stride, 1 / risk, tied);
  }

 private:
  EventMoments& m_;
  const Ties ties_;
};

EventMoments::EventMoments(const RiskOrder& order, const RowTerms& terms,
                           const StandardDesign& design, const RiskSums& risk_sums, Ties ties,
                           const std::vector<double>& r, const WideRisks* wide)
    : order_(order),
      terms_(terms),
      design_(design),
      risk_sums_(risk_sums),
      r_(r),
      wide_(wide),
      events_(std::size_t(order.events())),
      risk_mean_(design.stride() * events_.size()) {
  int tied = 0;
  for (int k = 0; k < order_.events(); ++k) {
    const bool several = terms.frequency || order_.death_end[k] - order_.death_begin[k] > 1;
    tied_.push_back(several && ties == Ties::efron ? tied++ : -1);
  }
  tied_mean_.resize(stride() * std::size_t(tied));
  Walk walk(*this, ties);
  if (wide_) {
    wide_->visit(risk_sums_.execution(), walk);
  } else {
    risk_sums_.visit(r_.data(), walk);
  }
}

const double* EventMoments::tied_mean(int k) const {
  const int tied = tied_[std::size_t(k)];
  return tied < 0 ? nullptr : &tied_mean_[stride() * std::size_t(tied)];
}

void EventMoments::add_lived(int k, bool dies, double* out) const {
  const Event& at = event(k);
  const EventTerms& t = at.terms;
  const double* risk = risk_mean(k);
  const double* tied = tied_mean(k);
  const double square = (dies ? t.square - t.square_shift : t.square) / at.risk;
  const double shift = (dies ? t.square_shift - t.square_shift2 : t.square_shift) / at.risk;
  if (tied) {
    for (std::size_t j = 0; j < ones(); ++j) out[j] += square * risk[j] - shift * tied[j];
  } else {
    for (std::size_t j = 0; j < ones(); ++j) out[j] += square * risk[j];
  }
  out[ones()] += (dies ? t.hazard_death : t.hazard) / at.risk;
}

void EventMoments::subtract_mean(int k, double* out) const {
  const Event& at = event(k);
  const double* risk = risk_mean(k);
  const double* tied = tied_mean(k);
  if (!tied || at.deaths.weight <= 0) {
    for (std::size_t j = 0; j < ones(); ++j) out[j] -= risk[j];
    return;
  }
  const double hazard = at.terms.hazard / at.deaths.weight;
  const double shift = at.terms.hazard_shift / at.deaths.weight;
  for (std::size_t j = 0; j < ones(); ++j) out[j] -= hazard * risk[j] - shift * tied[j];
}

LivedThrough::LivedThrough(const EventMoments& moments) : moments_(moments) {
  const RiskOrder& order = moments.order();
  const std::size_t stride = moments.stride();
  if (order.events() == 0) return;
  if (moments.wide()) {
    wide_ = std::make_unique<ScaledRanges>(order.events(), stride);
    std::vector<double> lived(stride);
    for (int k = 0; k < order.events(); ++k) {
      if (!(moments.event(k).deaths.weight > 0)) continue;
      std::fill(lived.begin(), lived.end(), 0.0);
      moments.add_lived(k, false, lived.data());
      wide_->set(k, -moments.log_unit(k), lived.data());
    }
    wide_->finish();
    return;
  }
  std::vector<double> lived(stride * std::size_t(order.events()));
  for (int k = 0; k < order.events(); ++k) {
    moments.add_lived(k, false, &lived[stride * std::size_t(k)]);
  }
  if (order.delayed_entry()) {
    ranges_ = std::make_unique<RangeSums>(std::move(lived), stride);
    return;
  }
  for (int k = order.events() - 2; k >= 0; --k) {
    if (moments.risk_sums().first_of_stratum(k + 1)) continue;
    double* here = &lived[stride * std::size_t(k)];
    for (std::size_t j = 0; j < stride; ++j) here[j] += here[stride + j];
  }
  later_ = std::move(lived);
}

void LivedThrough::add_to(int position, int joined, bool dies, double* out) const {
  if (wide_) {
    add_wide(position, joined, dies, out);
    return;
  }
  if (dies) moments_.add_lived(joined, true, out);
  add_survived(position, joined + dies, out);
}

void LivedThrough::add_wide(int position, int joined, bool dies, double* out) const {
  const WideRisks& wide = *moments_.wide();
  const int leave = wide.leave(position, joined);
  if (dies && moments_.event(joined).deaths.weight > 0) {
    moments_.add_lived(joined, true, out);
    const double unit = wide.relative(position, joined);
    for (std::size_t j = 0; j < moments_.stride(); ++j) out[j] *= unit;
  }
  if (leave > joined) wide_->add_to(joined + dies, leave, wide.eta(position), out);
}

void LivedThrough::add_survived(int position, int event, double* out) const {
  if (ranges_) {
    ranges_->add_to(event, moments_.order().leave[std::size_t(position)], out);
    return;
  }
  const bool beyond =
      event == moments_.order().events() || moments_.risk_sums().first_of_stratum(event);
  if (beyond &&
      (event == moments_.order().events() || position < moments_.risk_sums().risk_begin(event))) {
    return;
  }
  const double* later = &later_[moments_.stride() * std::size_t(event)];
  for (std::size_t j = 0; j < moments_.stride(); ++j) out[j] += later[j];
}

}  // namespace lmsurv
