#pragma once

// How far a Kaplan-Meier curve departs from the smooth one that it is to follow.

#include <algorithm>
#include <cmath>
#include <vector>

#include "anneal.hpp"

namespace anneal {

// A smooth curve by day: cumulative hazard and survival.
struct Smooth {
  std::vector<double> cumulative, survival;

  template <class Values>
  explicit Smooth(const Values& values) {
    for (double h : values) {
      cumulative.push_back(h);
      survival.push_back(exp_portable(-h));
    }
  }
};

struct Departure {
  double band = 0;       // farthest distance, in units of the 95% band, squared
  double flat = 0;       // longest stretch without a death, in days
  double many = 1;       // largest ratio of hazards of adjacent years, 100 or more at risk
  double some = 1;       // the same, 30 or more at risk
  double last_fall = 0;  // largest fall at one death
};

// Deaths and days at risk of each year of follow-up.
class Years {
 public:
  explicit Years(int n) : at_risk_(n), starting_{static_cast<double>(n)} {}

  void leave(int day, bool dead) {
    const int year = static_cast<int>(day / length);
    while (static_cast<int>(deaths_.size()) <= year) {
      if (!deaths_.empty()) {
        time_.back() += at_risk_ * length;
        starting_.push_back(at_risk_);
      }
      deaths_.push_back(0);
      time_.push_back(0);
    }
    deaths_.back() += dead;
    time_.back() += day - year * length;
    at_risk_ -= 1;
  }

  double largest_ratio(double least) const {
    double largest = 1;
    for (std::size_t k = 1; k < deaths_.size() && starting_[k] >= least; ++k) {
      if (deaths_[k] == 0 || deaths_[k - 1] == 0) return 10;
      const double ratio = deaths_[k] / time_[k] * time_[k - 1] / deaths_[k - 1];
      largest = std::max({largest, ratio, 1 / ratio});
    }
    return largest;
  }

 private:
  static constexpr double length = 365.25;
  double at_risk_;
  std::vector<double> deaths_, time_, starting_;
};

// Patients in the order of time; day(i) and dead(i) of the i-th.
template <class Day, class Dead>
Departure departure(int n, Day day, Dead dead, const Smooth& smooth) {
  constexpr double z = 1.959963984540054;
  Departure out;
  Years years(n);
  double s = 1, variance = 0, before = 0;
  int last_death = 0;
  const auto distance = [&](double survival, int at) {
    const double off = survival / smooth.survival[at] - 1;
    out.band = std::max(out.band, off * off / (z * z * variance));
  };
  for (int i = 0; i < n; ++i) {
    const int at = day(i);
    variance += (smooth.cumulative[at] - before) / (n - i);
    before = smooth.cumulative[at];
    years.leave(at, dead(i));
    if (!dead(i)) continue;
    distance(s, at);
    const double fall = s / (n - i);
    out.last_fall = std::max(out.last_fall, fall);
    s -= fall;
    distance(s, at);
    out.flat = std::max(out.flat, static_cast<double>(at - last_death));
    last_death = at;
  }
  out.flat = std::max(out.flat, static_cast<double>(day(n - 1) - last_death));
  out.many = years.largest_ratio(100);
  out.some = years.largest_ratio(30);
  return out;
}

}  // namespace anneal
