// The other 351 patients, the 45 held fixed: days, deaths and subtypes, so that Table 4, the curve
// of all 396, its crude proportions and the log-rank test of Figure 3 come out, and the curve stays
// close to a smooth one.

#include <Rcpp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cox.hpp"
#include "smooth.hpp"

using anneal::Random;
using anneal::Smooth;
using anneal::Window;

namespace {

constexpr double month = 30.4375;
constexpr int subtypes = 16;
constexpr int p = 16;      // bone metastasis, then the subtypes but the first
constexpr int common = 3;  // the subtypes whose numbers of deaths are free: 0, 1, 2

struct Patient {
  int days;
  signed char subtype;
  bool dead, bone;
};

using Fit = anneal::Fit<p>;
using Ratios = anneal::Ratios<p>;

// All 396 in the order of time, no two on the same day.
using State = std::vector<Patient>;

void derivatives(const State& state, const std::array<double, p>& b, double* u, double (*h)[p]) {
  const int n = static_cast<int>(state.size());
  static thread_local std::vector<double> risk, inverse;
  static thread_local std::vector<std::array<double, p>> mean;
  risk.resize(n);
  inverse.resize(n);
  mean.resize(n);
  double theta[subtypes], outer[p][p] = {}, s0 = 0, s1[p] = {};
  const double theta_bone = anneal::exp_portable(b[0]);
  theta[0] = 1;
  for (int j = 1; j < subtypes; ++j) theta[j] = anneal::exp_portable(b[j]);
  std::fill(u, u + p, 0.0);
  for (int i = n - 1; i >= 0; --i) {
    const Patient& x = state[i];
    const double r = theta[x.subtype] * (x.bone ? theta_bone : 1);
    risk[i] = r;
    s0 += r;
    if (x.bone) s1[0] += r;
    if (x.subtype) s1[x.subtype] += r;
    if (!x.dead) continue;
    inverse[i] = 1 / s0;
    for (int j = 0; j < p; ++j) mean[i][j] = s1[j] * inverse[i];
    for (int j = 0; j < p; ++j) u[j] -= mean[i][j];
    if (x.bone) u[0] += 1;
    if (x.subtype) u[x.subtype] += 1;
  }
  for (int j = 0; j < p; ++j) std::fill(h[j], h[j] + p, 0.0);
  double hazard = 0;
  for (int i = 0; i < n; ++i) {
    const Patient& x = state[i];
    if (x.dead) {
      hazard += inverse[i];
      const double* m = mean[i].data();
      for (int j = 0; j < 8; ++j) {
        for (int k = 0; k < 8; ++k) outer[j][k] += m[j] * m[k];
      }
      for (int j = 8; j < p; ++j) {
        for (int k = 0; k < p; ++k) outer[j][k] += m[j] * m[k];
      }
    }
    const double c = risk[i] * hazard;
    if (x.bone) h[0][0] += c;
    if (x.subtype) h[x.subtype][x.subtype] += c;
    if (x.subtype && x.bone) h[x.subtype][0] += c;
  }
  for (int j = 0; j < p; ++j) {
    for (int k = 0; k <= j; ++k) h[j][k] -= outer[j][k];
  }
}

template <class Promising>
bool newton(const State& state, Fit& fit, double eps, Promising promising) {
  const auto derive = [&](const std::array<double, p>& b, double* u, double(*h)[p]) {
    derivatives(state, b, u, h);
  };
  return anneal::newton<p>(fit, eps, derive, promising);
}

bool newton(const State& state, Fit& fit) {
  return newton(state, fit, 1e-9, [](const Fit&) { return true; });
}

// What needs no model, in the order of its windows: three quartiles of the curve in months,
// patients followed to 2, 5 and 10 years, chi-squared of bone metastasis; then what is not printed:
// deaths of the common subtypes, and how the curve departs from the smooth one.
constexpr int printed = 7, summaries = printed + common + 5;

using Summary = std::array<double, summaries>;

Summary summarise(const State& state, const Smooth& smooth) {
  const int n = static_cast<int>(state.size());
  Summary out{};
  double s = 1, at_risk_bone = 0, difference = 0, variance = 0;
  for (const Patient& x : state) {
    at_risk_bone += x.bone;
    for (int k = 0; k < 3; ++k) {
      static const double horizon[] = {730.5, 1826.25, 3652.5};
      out[3 + k] += x.days >= horizon[k];
    }
    if (x.dead && x.subtype < common) out[7 + x.subtype] += 1;
  }
  int q = 0;
  for (int i = 0; i < n; ++i) {
    const Patient& x = state[i];
    if (x.dead) {
      const double share = at_risk_bone / (n - i);
      difference += x.bone - share;
      variance += share * (1 - share);
      s *= 1 - 1.0 / (n - i);
      while (q < 3 && s < 0.75 - 0.25 * q) out[q++] = x.days / month;
    }
    at_risk_bone -= x.bone;
  }
  while (q < 3) out[q++] = 1000;
  out[6] = difference * difference / variance;
  const anneal::Departure x = anneal::departure(
      n, [&](int i) { return state[i].days; }, [&](int i) { return state[i].dead; }, smooth);
  const double departures[] = {x.band, x.flat / month, x.many, x.some, x.last_fall};
  std::copy(departures, departures + 5, out.begin() + printed + common);
  return out;
}

class CohortModel {
 public:
  CohortModel(State state, const Rcpp::NumericMatrix& windows, const Smooth& smooth,
              std::vector<char> visits, std::uint64_t seed)
      : random_(seed), smooth_(smooth), visits_(std::move(visits)), state_(state) {
    for (int i = 0; i < windows.nrow(); ++i) {
      const auto w = windows(i, Rcpp::_);
      windows_.push_back({w[0], w[1], w[2], w[3], w[4]});
    }
    if (!newton(state_, fit_)) Rcpp::stop("the start has no fit");
  }

  // Without the model only what needs none counts.
  void run(double moves, double soft_from, double soft_to, double hot, double cold, bool model) {
    constexpr int stages = 200;
    anneal::Falling softness(soft_from, soft_to, stages), temperature(hot, cold, stages);
    for (int stage = 0; stage < stages; ++stage) {
      softness_ = softness.value();
      cost_ = summary_cost(summarise(state_, smooth_), softness_);
      if (model) {
        newton(state_, fit_);
        cost_ += Ratios{windows_}.cost(fit_, softness_, 1e9);
      }
      for (double i = 0; i < moves / stages; ++i) step(temperature.value(), model);
      Rcpp::checkUserInterrupt();
      softness.next();
      temperature.next();
    }
    keep_best(summarise(state_, smooth_));
  }

  void exchange_outcomes() { outcomes_ = true; }

  const anneal::Best<State>& best() const { return best_; }

 private:
  double summary_cost(const Summary& x, double softness) const {
    double sum = 0;
    for (int i = 0; i < summaries; ++i) sum += windows_[4 * p + i].cost(x[i], softness);
    return sum;
  }

  // Of printed numbers.
  int misses(const Fit& fit, const Summary& x) const {
    int count = Ratios{windows_}.misses(fit);
    for (int i = 0; i < printed; ++i) count += windows_[4 * p + i].outside(x[i]) > 0;
    return count;
  }

  // The living are last seen at a visit.
  bool possible(const Patient& x) const { return x.dead || visits_[x.days]; }

  bool move(State& state, int i, int days) {
    if (days < 10 || days >= static_cast<int>(visits_.size())) return false;
    Patient x = state[i];
    x.days = days;
    if (!possible(x)) return false;
    state.erase(state.begin() + i);
    const auto at = std::lower_bound(state.begin(), state.end(), days,
                                     [](const Patient& a, int b) { return a.days < b; });
    if (at != state.end() && at->days == days) return false;
    state.insert(at, x);
    return true;
  }

  // With the model subtypes change places, and days hardly move. Outcomes change places in the end.
  bool propose(State& state, bool model) {
    const int n = static_cast<int>(state.size());
    const int i = random_.below(n), j = random_.below(n);
    Patient& x = state[i];
    Patient& y = state[j];
    if (x.bone || y.bone) return false;
    const double kind = random_.uniform();
    if (outcomes_ && kind < 0.1) {
      if (x.dead == y.dead || x.subtype != y.subtype) return false;
      std::swap(x.dead, y.dead);
      return possible(x) && possible(y);
    }
    if (kind < (model ? 0.85 : 0.2)) {
      if (x.subtype == y.subtype) return false;
      if (x.dead != y.dead && (x.subtype >= common || y.subtype >= common)) return false;
      std::swap(x.subtype, y.subtype);
    } else {
      static const int largest[] = {3, 30, 100, 400};
      const int size = 1 + random_.below(largest[random_.below(model ? 3 : 4)]);
      return move(state, i, x.days + (random_.below(2) ? size : -size));
    }
    return true;
  }

  void step(double temperature, bool model) {
    trial_ = state_;
    if (!propose(trial_, model)) return;
    const double limit = anneal::threshold(cost_, temperature, random_);
    const Summary summary = summarise(trial_, smooth_);
    const double first_part = summary_cost(summary, softness_);
    if (first_part > limit) return;
    if (!model) {
      std::swap(state_, trial_);
      cost_ = first_part;
      return;
    }
    Fit fit = fit_;
    const Ratios ratios{windows_};
    const auto promising = [&](const Fit& first) {
      return cost_ + 0.6 * (first_part + ratios.cost(first, softness_, 1e9) - cost_) <= limit;
    };
    if (!newton(trial_, fit, 1e-3, promising)) return;
    const double cost = first_part + ratios.cost(fit, softness_, limit);
    if (cost > limit) return;
    std::swap(state_, trial_);
    fit_ = fit;
    cost_ = cost;
    if (softness_ < 2 && misses(fit_, summary) <= best_.misses) keep_best(summary);
  }

  void keep_best(const Summary& summary) {
    Fit fit = fit_;
    newton(state_, fit);
    best_.offer(state_, misses(fit, summary),
                summary_cost(summary, 1) + Ratios{windows_}.cost(fit, 1, 1e9));
  }

  Random random_;
  Smooth smooth_;
  std::vector<char> visits_;  // by day
  std::vector<Window> windows_;
  State state_, trial_;
  anneal::Best<State> best_;
  Fit fit_;
  double softness_ = 1, cost_ = 0;
  bool outcomes_ = false;
};

}  // namespace

// start: all patients, columns days, subtype (0 to 15), dead, bone. windows: 79 x 5. smooth:
// cumulative hazard by day. visits: by day, whether patients are seen. schedule: as for
// anneal_bone_model(), and whether the model counts. outcomes: whether they change places.
// [[Rcpp::export]]
Rcpp::List anneal_cohort_model(Rcpp::IntegerMatrix start, Rcpp::NumericMatrix windows,
                               Rcpp::NumericVector smooth, Rcpp::LogicalVector visits,
                               Rcpp::NumericMatrix schedule, bool outcomes, int seed) {
  State state;
  for (int i = 0; i < start.nrow(); ++i) {
    state.push_back(
        {start(i, 0), static_cast<signed char>(start(i, 1)), start(i, 2) != 0, start(i, 3) != 0});
  }
  std::sort(state.begin(), state.end(),
            [](const Patient& a, const Patient& b) { return a.days < b.days; });
  CohortModel model(state, windows, Smooth(smooth), {visits.begin(), visits.end()},
                    static_cast<std::uint64_t>(seed));
  if (outcomes) model.exchange_outcomes();
  for (int k = 0; k < schedule.nrow(); ++k) {
    model.run(schedule(k, 0), schedule(k, 1), schedule(k, 2), schedule(k, 3), schedule(k, 4),
              schedule(k, 5) != 0);
  }
  Rcpp::IntegerMatrix out(start.nrow(), 4);
  for (int i = 0; i < start.nrow(); ++i) {
    const Patient& x = model.best().state[i];
    out(i, 0) = x.days;
    out(i, 1) = x.subtype;
    out(i, 2) = x.dead;
    out(i, 3) = x.bone;
  }
  return Rcpp::List::create(Rcpp::Named("state") = out, Rcpp::Named("misses") = model.best().misses,
                            Rcpp::Named("cost") = model.best().cost);
}
