#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "event_terms.hpp"
#include "random_data.hpp"

// The Cox model by definition: loops over rows for every risk set, in long double, with nothing
// sorted and nothing carried from one event to the next. O(n d p^2), exact ties O(n choose d).
namespace oracle {

using Real = long double;
using Vector = std::vector<Real>;
using Matrix = std::vector<Vector>;

inline Vector linear_predictors(const Data& data, const std::vector<double>& beta) {
  Vector eta(data.rows(), 0);
  for (std::size_t i = 0; i < eta.size(); ++i) {
    if (!data.offset.empty()) eta[i] = data.offset[i];
    for (std::size_t j = 0; j < beta.size(); ++j) eta[i] += Real(beta[j]) * data.x[j][i];
  }
  return eta;
}

// One of the fictitious successive deaths that replace tied ones: the deaths count by 1 - share.
struct Step {
  Real share, weight, denominator;
  Vector mean;
};

struct Event {
  int stratum;
  double time;
  std::vector<std::size_t> risk, deaths;
  Real death_weight = 0;
  std::vector<Step> steps;

  bool dies(std::size_t i) const {
    return std::find(deaths.begin(), deaths.end(), i) != deaths.end();
  }
};

struct Evaluation {
  Real value = 0;
  Vector score;
  Matrix information;
};

struct Hazard {
  std::vector<double> time;
  std::vector<int> stratum;
  Vector at_risk, events, censored, hazard, cumulative, variance;
  Matrix drift;
};

class Model {
 public:
  Model(const Data& data, Vector eta, lmsurv::Ties ties, bool frequency)
      : data_(data), eta_(std::move(eta)), ties_(ties), frequency_(frequency) {
    std::map<std::pair<int, double>, std::vector<std::size_t>> deaths;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.status[i]) deaths[{data.stratum_of(i), data.time[i]}].push_back(i);
    }
    for (const auto& d : deaths) {
      Event event{d.first.first, d.first.second, {}, d.second, 0, {}};
      for (std::size_t i = 0; i < data.rows(); ++i) {
        if (at_risk(i, event.stratum, event.time)) event.risk.push_back(i);
      }
      for (std::size_t i : event.deaths) event.death_weight += data.weight_of(i);
      add_steps(event);
      events_.push_back(std::move(event));
    }
  }

  const std::vector<Event>& events() const { return events_; }

  bool at_risk(std::size_t i, int stratum, double time) const {
    return data_.stratum_of(i) == stratum && data_.time[i] >= time &&
           (data_.entry.empty() || data_.entry[i] < time);
  }

  Evaluation evaluate() const {
    const std::size_t p = data_.x.size();
    Evaluation out{0, Vector(p, 0), Matrix(p, Vector(p, 0))};
    for (const Event& event : events_) {
      for (std::size_t i : event.deaths) {
        out.value += data_.weight_of(i) * eta_[i];
        for (std::size_t j = 0; j < p; ++j)
          out.score[j] += data_.weight_of(i) * Real(data_.x[j][i]);
      }
      if (ties_ == lmsurv::Ties::exact) {
        subtract_exact(event, out);
      } else {
        for (const Step& step : event.steps) subtract_step(event, step, out);
      }
    }
    return out;
  }

  Vector martingale() const {
    Vector out(data_.status.begin(), data_.status.end());
    for (const Event& event : events_) {
      for (std::size_t i : event.risk) {
        for (const Step& step : event.steps) out[i] -= lived(event, step, i);
      }
    }
    return out;
  }

  Matrix score_residuals() const {
    Matrix out(data_.rows(), Vector(data_.x.size(), 0));
    for (const Event& event : events_) {
      if (event.death_weight <= 0) continue;
      const Vector centre = mean(event);
      for (std::size_t j = 0; j < data_.x.size(); ++j) {
        for (std::size_t i : event.deaths) out[i][j] += data_.x[j][i] - centre[j];
        for (std::size_t i : event.risk) {
          for (const Step& step : event.steps) {
            out[i][j] -= lived(event, step, i) * (data_.x[j][i] - step.mean[j]);
          }
        }
      }
    }
    return out;
  }

  // The covariate's mean over the risk set of an event, averaged over its steps.
  Vector mean(const Event& event) const {
    Vector out(data_.x.size(), 0);
    for (const Step& step : event.steps) {
      for (std::size_t j = 0; j < out.size(); ++j) out[j] += step.mean[j] / event.steps.size();
    }
    return out;
  }

  Hazard baseline(const std::vector<double>& means) const {
    std::map<std::pair<int, double>, int> times;
    for (std::size_t i = 0; i < data_.rows(); ++i) times[{data_.stratum_of(i), data_.time[i]}];
    Hazard out;
    for (const auto& entry : times) {
      const int stratum = entry.first.first;
      const double time = entry.first.second;
      Real at = 0, died = 0, censored = 0, hazard = 0, cumulative = 0, variance = 0;
      Vector drift(data_.x.size(), 0);
      for (std::size_t i = 0; i < data_.rows(); ++i) {
        if (!at_risk(i, stratum, time)) continue;
        at += data_.weight_of(i);
        if (data_.time[i] == time) (data_.status[i] ? died : censored) += data_.weight_of(i);
      }
      for (const Event& event : events_) {
        if (event.stratum != stratum || event.time > time) continue;
        for (const Step& step : event.steps) {
          const Real h = step.weight / step.denominator;
          if (event.time == time) hazard += h;
          cumulative += h;
          variance += h / step.denominator;
          for (std::size_t j = 0; j < drift.size(); ++j) drift[j] += h * (step.mean[j] - means[j]);
        }
      }
      out.time.push_back(time);
      out.stratum.push_back(stratum);
      out.at_risk.push_back(at);
      out.events.push_back(died);
      out.censored.push_back(censored);
      out.hazard.push_back(hazard);
      out.cumulative.push_back(cumulative);
      out.variance.push_back(variance);
      out.drift.push_back(drift);
    }
    return out;
  }

 private:
  Real risk(std::size_t i) const { return data_.weight_of(i) * std::exp(eta_[i]); }

  Real lived(const Event& event, const Step& step, std::size_t i) const {
    const Real present = event.dies(i) ? 1 - step.share : 1;
    return std::exp(eta_[i]) * present * step.weight / step.denominator;
  }

  void add_steps(Event& event) const {
    if (event.death_weight <= 0) return;
    Real count = 0;  // deaths of no weight are none
    for (std::size_t i : event.deaths) {
      count += frequency_ ? data_.weight_of(i) : Real(data_.weight_of(i) > 0);
    }
    const bool efron = ties_ == lmsurv::Ties::efron;
    for (Real j = 0; j < count; ++j) {
      Step step{efron ? j / count : 0, event.death_weight / count, 0, Vector(data_.x.size(), 0)};
      for (std::size_t i : event.risk) {
        const Real r = risk(i) * (event.dies(i) ? 1 - step.share : 1);
        step.denominator += r;
        for (std::size_t c = 0; c < step.mean.size(); ++c) step.mean[c] += r * data_.x[c][i];
      }
      for (Real& m : step.mean) m /= step.denominator;
      event.steps.push_back(std::move(step));
    }
  }

  void subtract_step(const Event& event, const Step& step, Evaluation& out) const {
    out.value -= step.weight * std::log(step.denominator);
    const std::size_t p = data_.x.size();
    for (std::size_t a = 0; a < p; ++a) out.score[a] -= step.weight * step.mean[a];
    for (std::size_t i : event.risk) {
      const Real chance = risk(i) * (event.dies(i) ? 1 - step.share : 1) / step.denominator;
      for (std::size_t a = 0; a < p; ++a) {
        for (std::size_t b = 0; b < p; ++b) {
          out.information[a][b] += step.weight * chance * (data_.x[a][i] - step.mean[a]) *
                                   (data_.x[b][i] - step.mean[b]);
        }
      }
    }
  }

  // Every subset of the risk set with as many members as there are deaths.
  void subtract_exact(const Event& event, Evaluation& out) const {
    std::vector<std::size_t> rows;
    std::size_t deaths = 0;
    for (std::size_t i : event.risk) {
      const int copies = static_cast<int>(data_.weight_of(i));
      rows.insert(rows.end(), std::size_t(copies), i);
      if (event.dies(i)) deaths += std::size_t(copies);
    }
    const std::size_t p = data_.x.size();
    Real total = 0;
    Vector mean(p, 0);
    const auto over_subsets = [&](auto action) {
      std::vector<std::size_t> pick(deaths);
      for (std::size_t d = 0; d < deaths; ++d) pick[d] = d;
      for (;;) {
        Real product = 1;
        Vector sum(p, 0);
        for (std::size_t d : pick) {
          product *= std::exp(eta_[rows[d]]);
          for (std::size_t j = 0; j < p; ++j) sum[j] += data_.x[j][rows[d]];
        }
        action(product, sum);
        std::size_t d = deaths;
        while (d > 0 && pick[d - 1] == rows.size() - deaths + d - 1) --d;
        if (d == 0) return;
        ++pick[d - 1];
        for (; d < deaths; ++d) pick[d] = pick[d - 1] + 1;
      }
    };
    over_subsets([&](Real product, const Vector& sum) {
      total += product;
      for (std::size_t j = 0; j < p; ++j) mean[j] += product * sum[j];
    });
    for (Real& m : mean) m /= total;
    over_subsets([&](Real product, const Vector& sum) {
      for (std::size_t a = 0; a < p; ++a) {
        for (std::size_t b = 0; b < p; ++b) {
          out.information[a][b] += product / total * (sum[a] - mean[a]) * (sum[b] - mean[b]);
        }
      }
    });
    out.value -= std::log(total);
    for (std::size_t j = 0; j < p; ++j) out.score[j] -= mean[j];
  }

  const Data& data_;
  Vector eta_;
  lmsurv::Ties ties_;
  bool frequency_;
  std::vector<Event> events_;
};

// Gauss-Jordan, for a positive definite matrix.
inline Matrix inverse(Matrix a) {
  const std::size_t p = a.size();
  Matrix out(p, Vector(p, 0));
  for (std::size_t j = 0; j < p; ++j) out[j][j] = 1;
  for (std::size_t j = 0; j < p; ++j) {
    const Real pivot = a[j][j];
    for (std::size_t k = 0; k < p; ++k) {
      a[j][k] /= pivot;
      out[j][k] /= pivot;
    }
    for (std::size_t i = 0; i < p; ++i) {
      const Real factor = a[i][j];
      if (i == j) continue;
      for (std::size_t k = 0; k < p; ++k) {
        a[i][k] -= factor * a[j][k];
        out[i][k] -= factor * out[j][k];
      }
    }
  }
  return out;
}

// |actual - expected| relative to the larger of |expected| and `unit`; NaN when either is.
inline double distance(Real actual, Real expected, Real unit) {
  if (actual == expected) return 0;
  const Real scale = std::max(std::fabs(expected), unit);
  return static_cast<double>(std::fabs(actual - expected) / scale);
}

}  // namespace oracle
