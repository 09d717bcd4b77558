#include "event_moments.hpp"

#include <cmath>

#include "row_kernels.hpp"

namespace lmsurv {

class EventMoments::Walk : public EventVisitor {
 public:
  Walk(EventMoments& moments, const std::vector<double>& r, Ties ties)
      : m_(moments), r_(r), ties_(ties) {}

  void visit(std::size_t, int event, const double* s1) override {
    const std::size_t stride = m_.stride();
    const Deaths deaths = deaths_at(m_.order_, m_.terms_, r_.data(), event);
    if (deaths.weight <= 0) return;
    const double s0 = s1[m_.ones()];
    const EventTerms t = event_terms(ties_, deaths.risk / s0, deaths.count, deaths.weight);
    m_.square_[std::size_t(event)] = t.square / s0 / s0;
    double* lived = &m_.lived_[stride * std::size_t(event)];
    double* mean = &m_.mean_[stride * std::size_t(event)];
    const std::vector<double> d1 = sum_deaths(event);
    for (std::size_t j = 0; j < stride; ++j) {
      const double m = s1[j] / s0;
      const double d = d1[j] / s0;
      lived[j] = (t.square * m - t.square_shift * d) / s0;
      mean[j] = (t.hazard * m - t.hazard_shift * d) / deaths.weight;
    }
    lived[m_.ones()] = t.hazard / s0;
    if (m_.tied_[std::size_t(event)] < 0) return;
    double* tied = &m_.lived_by_tied_[stride * std::size_t(m_.tied_[std::size_t(event)])];
    for (std::size_t j = 0; j < stride; ++j) {
      tied[j] = ((t.square - t.square_shift) * (s1[j] / s0) -
                 (t.square_shift - t.square_shift2) * (d1[j] / s0)) /
                s0;
    }
    tied[m_.ones()] = t.hazard_death / s0;
  }

 private:
  std::vector<double> sum_deaths(int event) const {
    std::vector<double> sum(m_.stride());
    const int begin = m_.order_.death_begin[event];
    row_kernels().accumulate(m_.design_.at(std::size_t(begin)),
                             std::size_t(m_.order_.death_end[event] - begin), m_.stride(),
                             &r_[std::size_t(begin)], sum.data());
    return sum;
  }

  EventMoments& m_;
  const std::vector<double>& r_;
  const Ties ties_;
};

EventMoments::EventMoments(const std::vector<Column>& columns, const FittedModel& model)
    : order_(build_risk_order(model.response, model.merge_close_times)),
      terms_(model.response, order_, model.frequency),
      execution_(model.execution),
      design_(columns, order_.row, model.response.weight, execution_),
      risk_sums_(order_, design_.data(), design_.stride(), execution_),
      relative_risk_(order_.rows()) {
  std::vector<double> r(order_.rows());
  for (std::size_t i = 0; i < r.size(); ++i) {
    relative_risk_[i] = std::exp(model.linear_predictors[order_.row[i]]);
    r[i] = terms_.weight_at(i) * relative_risk_[i];
  }
  const std::size_t events = std::size_t(order_.events());
  lived_.resize(stride() * events);
  mean_.resize(stride() * events);
  square_.resize(events);
  int tied = 0;
  for (int k = 0; k < order_.events(); ++k) {
    const bool several = model.frequency || order_.death_end[k] - order_.death_begin[k] > 1;
    tied_.push_back(several && model.ties == Ties::efron ? tied++ : -1);
  }
  lived_by_tied_.resize(stride() * std::size_t(tied));
  Walk walk(*this, r, model.ties);
  risk_sums_.visit(r.data(), walk);
}

const double* EventMoments::lived_by_death(int event) const {
  const int tied = tied_[std::size_t(event)];
  return tied < 0 ? lived(event) : &lived_by_tied_[stride() * std::size_t(tied)];
}

LivedThrough::LivedThrough(const EventMoments& moments) : moments_(moments) {
  const RiskOrder& order = moments.order();
  const std::size_t stride = moments.stride();
  if (order.events() == 0) return;
  std::vector<double> lived(moments.lived(0),
                            moments.lived(0) + stride * std::size_t(order.events()));
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

void LivedThrough::add_to(int position, int event, double* out) const {
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
