#include "incidence_variance.hpp"

#include <algorithm>
#include <cmath>

namespace lmsurv {

Influence::Influence(int causes, std::size_t units, bool frequency)
    : causes_(causes),
      frequency_(frequency),
      units_(units),
      x_(units * std::size_t(causes)),
      d_(std::size_t(causes)) {}

void Influence::start(const StepRow* begin, const StepRow* end) {
  const std::size_t k = std::size_t(causes_);
  for (const StepRow* row = begin; row != end; ++row) {
    Unit& unit = units_[row->cluster];
    unit = Unit();
    if (frequency_) unit.copies = row->weight;
    std::fill_n(x_.begin() + std::ptrdiff_t(std::size_t(row->cluster) * k), k, 0.0);
  }
  y_.assign(k, 0);
  to_come_.assign(k, 0);
  sums_.assign(k, Sums());
  seen_.assign(k, false);
  causes_seen_ = 0;
  b_ = 0;
  aa_ = aw_ = ww_ = CompensatedSum();
}

// Takes the unit, whose D is in d_, in or out of the sums.
void Influence::count(const Unit& unit, double sign) {
  const double c = sign * unit.copies;
  const double w = unit.weight;
  const double a = unit.b - w * b_;
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    const double e = d_[k] - w * y_[k];
    sums_[k].ee.add(c * e * e);
    sums_[k].ea.add(c * e * a);
    sums_[k].ew.add(c * e * w);
  }
  aa_.add(c * a * a);
  aw_.add(c * a * w);
  ww_.add(c * w * w);
}

// A row that enters has no influence yet: E and A stay as they are.
void Influence::enter(const StepRow& row) {
  Unit& unit = units_[row.cluster];
  const double w = unit_weight(row);
  double* x = &x_[std::size_t(row.cluster) * sums_.size()];
  for (std::size_t k = 0; k < sums_.size(); ++k) d_[k] = x[k] + to_come_[k] * unit.b;
  if (unit.counted) count(unit, -1);
  unit.counted = true;
  unit.weight += w;
  unit.b += w * b_;
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    d_[k] += w * y_[k];
    x[k] = d_[k] - to_come_[k] * unit.b;
  }
  count(unit, 1);
}

void Influence::step(const IncidenceStep& now, const double* events) {
  const double n = now.at_risk;
  const double a = now.survivors > 0 ? now.died / n / now.survivors : 0;
  const double aa = aa_.value(), aw = aw_.value(), ww = ww_.value();
  const double pa = aa + aw / n;  // P = A + W / n
  const double pw = aw + ww / n;
  const double pp = pa + pw / n;
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    Sums& sum = sums_[k];
    const double df = now.before * (events[k] / n);
    const double ea = sum.ea.value(), ew = sum.ew.value();
    sum.ee.add(-2 * df * (ea + ew / n));
    sum.ee.add(df * df * pp);
    sum.ea.add(-a * ew - df * pa + a * df * pw);
    sum.ew.add(-df * pw);
    y_[k] += df / n - df * b_;
    to_come_[k] = now.to_come[k];
    if (df > 0 && !seen_[k]) {
      seen_[k] = true;
      ++causes_seen_;
    }
  }
  aa_.add(-2 * a * aw + a * a * ww);
  aw_.add(-a * ww);
  b_ += a;
}

void Influence::change(const StepRow& row, const IncidenceStep& now, bool event) {
  Unit& unit = units_[row.cluster];
  const double w = unit_weight(row);
  double* x = &x_[std::size_t(row.cluster) * sums_.size()];
  for (std::size_t k = 0; k < sums_.size(); ++k) d_[k] = x[k] + to_come_[k] * unit.b;
  count(unit, -1);
  if (event && row.weight > 0) {
    d_[row.cause - 1] += w * (now.before / now.at_risk);
    if (now.survivors > 0) unit.b += w / now.survivors;
  }
  unit.weight -= w;
  unit.b -= w * b_;
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    d_[k] -= w * y_[k];
    x[k] = d_[k] - to_come_[k] * unit.b;
  }
  count(unit, 1);
}

// While there is one cause only, its F is 1 - S, whose variance falls to 0 with S.
double Influence::at(int state, const IncidenceStep& now) const {
  if (state > 0 && !seen_[state - 1]) return 0;
  if (state == 0 || causes_seen_ == 1) {
    return std::max(0.0, now.after * now.after * aa_.value());
  }
  return std::max(0.0, sums_[state - 1].ee.value());
}

void AalenVariance::step(const IncidenceStep& now, const double* events) {
  const double n = now.at_risk, left = now.survivors;
  const auto corrected = [n](double d) { return d > 1 ? d * ((n - d) / (n - 1)) : d; };
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    Sums& sum = sums_[k];
    const double df = now.before * (events[k] / n);
    const double own = corrected(events[k]), other = corrected(now.died - events[k]);
    const double scale = now.before / n;
    sum.variance += 2 * df * (sum.linear - sum.cross) + df * df * sum.square + scale * scale * own;
    sum.linear += df * sum.square;
    if (left > 0) {
      sum.cross += scale * own / left;
      sum.square += (own + other) / left / left;
    }
  }
  if (left > 0) greenwood_ += now.died / n / left;
}

double AalenVariance::at(int state, const IncidenceStep& now) const {
  if (state == 0) return now.after * now.after * greenwood_;
  return std::max(0.0, sums_[state - 1].variance);
}

}  // namespace lmsurv
