#include "wide_risks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lmsurv {
namespace {

constexpr double kMostExponent = 700;  // of a row without weight, which no unit takes account of

}  // namespace

bool is_wide(const std::vector<double>& eta) {
  double widest = 0;
  for (const double value : eta) widest = std::max(widest, std::fabs(value));
  return widest > kWidest && std::isfinite(widest);
}

WideRisks::WideRisks(const RiskOrder& order, const RiskSums& risk_sums, const RowTerms& terms,
                     const StandardDesign& design, std::vector<double> eta)
    : order_(order),
      risk_sums_(risk_sums),
      terms_(terms),
      stride_(design.stride()),
      eta_(std::move(eta)),
      sums_(order.events(), design.stride() + 1) {
  for (int s = 0; s < order.strata() && !order.delayed_entry(); ++s) {
    last_.resize(std::size_t(order.stratum_events[s + 1]), order.stratum_events[s + 1]);
  }
  std::vector<double> row(stride_ + 1, 1.0);
  Pacer pacer(risk_sums.execution().interrupt);
  for (int k = 0; k < order.events(); ++k) {
    for (int i = risk_sums.risk_begin(k); i < order.risk_end[k]; ++i) {
      const double w = terms.weight_at(std::size_t(i));
      if (w <= 0) continue;
      const double* z = design.at(std::size_t(i));
      std::copy(z, z + stride_, row.begin());
      sums_.add(k, leave(i, k), std::log(w) + eta_[std::size_t(i)], row.data());
      pacer.work(16 * double(stride_));  // branches of a tree, with an exponential each
    }
  }
  sums_.finish();
}

int WideRisks::leave(int position, int event) const {
  return order_.delayed_entry() ? order_.leave[std::size_t(position)] : last_[std::size_t(event)];
}

double WideRisks::relative(int position, int event) const {
  return std::exp(std::min(eta(position) - log_unit(event), kMostExponent));
}

void WideRisks::fill_deaths(std::vector<double>& r) const {
  for (int k = 0; k < order_.events(); ++k) {
    for (int i = order_.death_begin[k]; i < order_.death_end[k]; ++i) {
      const double w = terms_.weight_at(std::size_t(i));
      r[std::size_t(i)] = w > 0 ? w * relative(i, k) : 0;
    }
  }
}

void WideRisks::visit(const Execution& execution, EventVisitor& visitor) const {
  const std::vector<Chunk>& chunks = risk_sums_.chunks();
  parallel_for(chunks.size(), execution, [&](std::size_t c) {
    for (int k = chunks[c].event_begin; k < chunks[c].event_end; ++k) {
      visitor.visit(c, k, sums_.at(k));
    }
  });
}

Risks::Risks(std::vector<double> eta, const RiskOrder& order, const RiskSums& risk_sums,
             const RowTerms& terms, const StandardDesign& design)
    : weighted(eta.size()) {
  if (is_wide(eta)) {
    relative.assign(eta.size(), 1);
    wide = std::make_unique<WideRisks>(order, risk_sums, terms, design, std::move(eta));
    wide->fill_deaths(weighted);
    return;
  }
  relative = std::move(eta);
  for (std::size_t i = 0; i < relative.size(); ++i) {
    relative[i] = std::exp(relative[i]);
    weighted[i] = relative[i] * terms.weight_at(i);
  }
}

}  // namespace lmsurv
