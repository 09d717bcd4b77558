// The days of the 45 patients with bone metastases, once their order is settled: diagnosis to last
// contact, to bone and to visceral metastasis, and bone metastasis to first surgery, so that the
// quartiles of sections 3.1, 3.3 and 3.4 come out, the curves follow smooth ones, and all but
// deaths fall on working days.

#include <Rcpp.h>

#include <algorithm>
#include <vector>

#include "smooth.hpp"

using anneal::Random;
using anneal::Smooth;

namespace {

constexpr double month = 30.4375;

struct Patient {
  int total, bone, delay, visceral;  // days; delay: bone metastasis to surgery, -1 if none
  int low, high;                     // of total
  int shortest, longest;             // of surgery to last contact
  bool dead, operated, has_visceral, bone_first, hardware;
  int weekday;     // of diagnosis, Monday is 0
  bool prompt;     // operated soon: for a fracture, or the only lesion
  int failure[2];  // range of days from surgery to the first failure of a construct, or -1

  int after_bone() const { return total - bone; }
  int after_surgery() const { return total - bone - delay; }
  bool working(int day) const { return (weekday + day) % 7 < 5; }
  bool can_fail() const {
    for (int day = failure[0]; day <= failure[1]; ++day) {
      if (working(bone + delay + day)) return true;
    }
    return failure[0] < 0;
  }
  // Dates that should be on working days and are not.
  int idle() const {
    return !working(bone) + (!dead && !working(total)) + (has_visceral && !working(visceral)) +
           (operated && !working(bone + delay)) + !can_fail();
  }
  bool possible() const {
    if (total < low || total > high || bone < 0 || after_bone() < 5) return false;
    if (operated && (delay < 0 || after_surgery() < shortest || after_surgery() > longest)) {
      return false;
    }
    if (!has_visceral) return true;
    return visceral >= 0 && visceral < total && visceral != bone && (visceral > bone) == bone_first;
  }
};

using Patients = std::vector<Patient>;

// In months, and a little for being outside at all.
double outside(double days, double low, double high) {
  const double x = days / month;
  return x < low ? 0.05 + low - x : x > high ? 0.05 + x - high : 0;
}

// Quartiles as order statistics: with an even number of values both neighbours are to round to
// what is printed, so that no rule of averaging matters.
double quartile_cost(std::vector<int>& days, const double* windows) {
  std::sort(days.begin(), days.end());
  const int n = static_cast<int>(days.size());
  double sum = 0;
  for (int q = 1; q <= 3; ++q) {
    const double position = (n - 1) * q / 4.0;
    const double low = windows[2 * q - 2], high = windows[2 * q - 1];
    sum += outside(days[static_cast<int>(std::floor(position))], low, high);
    sum += outside(days[static_cast<int>(std::ceil(position))], low, high);
  }
  return sum;
}

// Kaplan-Meier quartiles; a curve that runs along a quarter counts as wrong, and so do tied deaths.
double curve_cost(std::vector<std::pair<int, bool>>& days, const double* windows) {
  std::sort(days.begin(), days.end());
  const int n = static_cast<int>(days.size());
  double s = 1, sum = 0;
  int q = 0;
  for (int i = 0; i < n; ++i) {
    if (i > 0 && days[i].first == days[i - 1].first) sum += 0.2;
    if (!days[i].second) continue;
    s *= 1 - 1.0 / (n - i);
    while (q < 3) {
      const double level = 0.75 - 0.25 * q;
      if (std::fabs(s - level) < 1e-6) sum += 1;
      if (s >= level) break;
      sum += outside(days[i].first, windows[2 * q], windows[2 * q + 1]);
      ++q;
    }
  }
  return sum + 20 * (3 - q);
}

// Smooth curves from diagnosis and from bone metastasis; the longest stretch without a death that
// each may have, in days; days in which prompt operations are done; the largest ratio of hazards of
// adjacent years from diagnosis.
struct Plan {
  Smooth total, after;
  double flat_total, flat_after, prompt, ratio;
};

double departure_cost(const anneal::Departure& x, double flat, double ratio) {
  return std::max(x.band - 0.7, 0.0) + std::max(x.flat - flat, 0.0) / month / 10 +
         std::max(x.some - ratio, 0.0);
}

double plan_cost(const Patients& patients, std::vector<std::pair<int, bool>>& after,
                 const Plan& plan) {
  const int n = static_cast<int>(patients.size());
  double sum = 0;
  for (const Patient& x : patients) {
    sum += 0.1 * x.idle();
    if (x.prompt) sum += std::max(x.delay - plan.prompt, 0.0) / month;
  }
  sum += departure_cost(anneal::departure(
                            n, [&](int i) { return patients[i].total; },
                            [&](int i) { return patients[i].dead; }, plan.total),
                        plan.flat_total, plan.ratio);
  std::sort(after.begin(), after.end());
  return sum + departure_cost(anneal::departure(
                                  n, [&](int i) { return after[i].first; },
                                  [&](int i) { return after[i].second; }, plan.after),
                              plan.flat_after, 2.9);
}

// windows: low and high of the quartiles of bone, of visceral, of delay, of surgery to last
// contact, then of the curve after bone metastasis, then of its crude median.
double cost(const Patients& patients, const double* windows, const Plan& plan) {
  std::vector<int> bone, visceral, delay, implant, after;
  std::vector<std::pair<int, bool>> curve;
  for (const Patient& x : patients) {
    bone.push_back(x.bone);
    if (x.has_visceral) visceral.push_back(x.visceral);
    if (x.operated) delay.push_back(x.delay);
    if (x.hardware) implant.push_back(x.after_surgery());
    after.push_back(x.after_bone());
    curve.emplace_back(x.after_bone(), x.dead);
  }
  std::sort(after.begin(), after.end());
  return quartile_cost(bone, windows) + quartile_cost(visceral, windows + 6) +
         quartile_cost(delay, windows + 12) + quartile_cost(implant, windows + 18) +
         curve_cost(curve, windows + 24) +
         outside(after[after.size() / 2], windows[30], windows[31]) +
         plan_cost(patients, curve, plan);
}

int days_step(Random& random) {
  static const int largest[] = {2, 10, 60, 400, 2000};
  const int size = 1 + random.below(largest[random.below(5)]);
  return random.below(2) ? size : -size;
}

bool propose(Patients& patients, Random& random) {
  const int n = static_cast<int>(patients.size());
  const int i = random.below(n), j = random.below(n);
  Patient& x = patients[i];
  const double kind = random.uniform();
  if (kind < 0.04) {
    x.weekday = random.below(5);
  } else if (kind < 0.15) {
    const int step = days_step(random);
    x.total += step;
    if (random.below(2)) x.bone += step;
    if (i > 0 && x.total <= patients[i - 1].total) return false;
    if (i + 1 < n && x.total >= patients[i + 1].total) return false;
  } else if (kind < 0.4) {
    x.bone += days_step(random);
  } else if (kind < 0.55) {
    if (!x.has_visceral) return false;
    x.visceral += days_step(random);
  } else if (kind < 0.7) {
    if (!x.operated) return false;
    const int step = days_step(random);
    x.delay += step;
    if (random.below(2)) x.bone -= step;
  } else if (kind < 0.85) {
    std::swap(x.bone, patients[j].bone);
  } else {
    if (!x.has_visceral || !patients[j].has_visceral) return false;
    std::swap(x.visceral, patients[j].visceral);
    if (random.below(2)) std::swap(x.bone_first, patients[j].bone_first);
  }
  return x.possible() && patients[j].possible();
}

}  // namespace

// start: 45 rows in the order of total, columns as the members of Patient. total, after: cumulative
// hazards by day. limits: as in Plan. The result has columns total, bone, delay, visceral, weekday,
// and the cost left as attribute "cost".
// [[Rcpp::export]]
Rcpp::IntegerMatrix anneal_bone_times(Rcpp::IntegerMatrix start, Rcpp::NumericVector windows,
                                      Rcpp::NumericVector total, Rcpp::NumericVector after,
                                      Rcpp::NumericVector limits, double moves, int seed) {
  Random random(static_cast<std::uint64_t>(seed));
  const Plan plan{Smooth(total), Smooth(after), limits[0], limits[1], limits[2], limits[3]};
  Patients now;
  for (int i = 0; i < start.nrow(); ++i) {
    now.push_back({start(i, 0),
                   start(i, 1),
                   start(i, 2),
                   start(i, 3),
                   start(i, 4),
                   start(i, 5),
                   start(i, 6),
                   start(i, 7),
                   start(i, 8) != 0,
                   start(i, 9) != 0,
                   start(i, 10) != 0,
                   start(i, 11) != 0,
                   start(i, 12) != 0,
                   start(i, 13),
                   start(i, 14) != 0,
                   {start(i, 15), start(i, 16)}});
    if (!now.back().possible()) Rcpp::stop("row %d of the start is impossible", i + 1);
  }
  double cost_now = cost(now, windows.begin(), plan);
  Patients best = now;
  double cost_best = cost_now;
  for (double k = 0; k < moves && cost_best > 0; ++k) {
    Patients trial = now;
    if (!propose(trial, random)) continue;
    const double temperature = 3 * anneal::exp_portable(-9 * k / moves);
    const double limit = anneal::threshold(cost_now, temperature, random);
    const double cost_trial = cost(trial, windows.begin(), plan);
    if (cost_trial > limit) continue;
    now = trial;
    cost_now = cost_trial;
    if (cost_now < cost_best) {
      best = now;
      cost_best = cost_now;
    }
  }
  Rcpp::IntegerMatrix out(start.nrow(), 5);
  for (int i = 0; i < start.nrow(); ++i) {
    out(i, 0) = best[i].total;
    out(i, 1) = best[i].bone;
    out(i, 2) = best[i].delay;
    out(i, 3) = best[i].visceral;
    out(i, 4) = best[i].weekday;
  }
  out.attr("cost") = cost_best;
  return out;
}
