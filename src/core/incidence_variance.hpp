#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "compensated_sum.hpp"

namespace lmsurv {

// A row of a curve: cause 0 (censored) or 1..K, weight, and the unit it belongs to, from 0.
struct StepRow {
  int cause = 0;
  double weight = 1;
  int cluster = 0;
};

// What is known of a step of a curve before its variance.
struct IncidenceStep {
  double before = 1, after = 1;  // S(t-), S(t)
  double at_risk = 0;            // n
  double survivors = 0;          // n - d
  double died = 0;               // d
  const double* to_come = 0;     // K: F_k(end) - F_k(t)
};

// The infinitesimal jackknife of an Aalen-Johansen curve, step by step. With W the weight of a unit
// at risk, its influence on F_k(t), E_k, and A = -(its influence on S(t)) / S(t) follow at an event
// time, for an own row of weight w with an event of cause k with the second part, by
//   E_k <- E_k - dF_k (A + W / n)    + w S(t-) / n
//   A   <- A   - W d / (n (n - d))   + w / (n - d)
// The first parts are the same linear map for all units, so that the sums over units of E_k^2,
// E_k A, E_k W, A^2, A W and W^2 can be carried on without looking at a unit. A unit is looked at
// only when one of its rows enters, leaves or has its event; its E and A then come from
//   D_k = E_k + W y_k,  B = A + W b,
// where y_k, b are the sums of what the map takes away per unit of W: between two looks B is
// constant, and D_k falls by B dF_k. With D_k = X_k + B (F_k(end) - F_k(t)) X_k is constant too,
// and no difference of large numbers is ever taken, however far S(t) falls.
class Influence {
 public:
  Influence() = default;
  Influence(int causes, std::size_t units, bool frequency);

  int causes() const { return causes_; }
  void start(const StepRow* begin, const StepRow* end);
  void enter(const StepRow& row);
  void step(const IncidenceStep& now, const double* events);  // K weights of events
  void die(const StepRow& row, const IncidenceStep& now) { change(row, now, true); }
  void leave(const StepRow& row, const IncidenceStep& now) { change(row, now, false); }
  double at(int state, const IncidenceStep& now) const;  // state 0: no event

 private:
  struct Sums {
    CompensatedSum ee, ea, ew;
  };
  struct Unit {
    double b = 0, weight = 0, copies = 1;
    bool counted = false;  // is in the sums
  };
  double unit_weight(const StepRow& row) const { return frequency_ ? 1 : row.weight; }
  void change(const StepRow& row, const IncidenceStep& now, bool event);
  void count(const Unit& unit, double sign);

  int causes_ = 0;
  bool frequency_ = false;
  std::vector<Unit> units_;
  std::vector<double> x_;        // units x K
  std::vector<double> y_;        // K
  std::vector<double> to_come_;  // K, after the last step
  std::vector<double> d_;        // K: D of the unit that is looked at
  double b_ = 0;
  std::vector<Sums> sums_;  // K
  CompensatedSum aa_, aw_, ww_;
  std::vector<bool> seen_;  // K: F_k has risen
  int causes_seen_ = 0;
};

// A step of a curve whose rows are units by themselves and at risk from the beginning, for one of
// the causes, k. A unit of weight w counts w^2 in the squares, w copies of one of weight 1 count w.
struct LoneStep {
  double before = 1, after = 1;       // S(t-), S(t)
  double at_risk = 0, survivors = 0;  // n, n - d
  double own = 0, others = 0;         // d_k, d - d_k
  double square_own = 0, square_others = 0, square_censored = 0;
  double square_after = 0;  // of those who remain at risk
};

// Sums over the rows that have left, for one cause.
class Gone {
 public:
  double ee() const { return ee_.value(); }
  double aa() const { return aa_.value(); }

  void step(double df) {
    const double ea = ea_.value(), aa = aa_.value();
    ee_.add(df * (df * aa - 2 * ea));
    ea_.add(-df * aa);
  }
  void add(double ee, double ea, double aa) {
    ee_.add(ee);
    ea_.add(ea);
    aa_.add(aa);
  }

 private:
  CompensatedSum ee_, ea_, aa_;
};

// The same jackknife for one of the causes and, on request, for no event: the standard errors of
// F_k and of S after each step. The rows at risk have E_k = -w y_k and A = -w b, whoever they are,
// and those that have left a map without W, so that sums over the latter are carried on alone.
class LoneRows {
 public:
  explicit LoneRows(bool none_wanted) : none_wanted_(none_wanted) {}

  // What happens at a time is not foreseen by the processor: no branch but on one cause or several.
  void step(const LoneStep& now) {
    const double per_row = now.at_risk > 0 ? 1 / now.at_risk : 0;
    const double per_survivor = now.survivors > 0 ? 1 / now.survivors : 0;
    const double died = now.own + now.others;
    const double scale = now.before * per_row, df = scale * now.own;
    gone_.step(df);
    y_ += df * (per_row - b_);
    b_ += died * per_row * per_survivor;
    const double a = per_survivor - b_, e = scale - y_;
    gone_.add(now.square_own * e * e + (now.square_others + now.square_censored) * y_ * y_,
              a * (now.square_own * e - now.square_others * y_) + b_ * y_ * now.square_censored,
              (now.square_own + now.square_others) * a * a + now.square_censored * b_ * b_);
    others_seen_ = others_seen_ || now.others > 0;
    // Where nobody has an event the estimate stands, and so does its error, to the last digit.
    if (none_wanted_ || !others_seen_) {
      const double se = now.after * std::sqrt(gone_.aa() + now.square_after * b_ * b_);
      of_none_ = died > 0 ? se : of_none_;
    }
    const double se = std::sqrt(std::max(0.0, gone_.ee() + now.square_after * y_ * y_));
    // While there is one cause only, its F is 1 - S, whose variance falls to 0 with S.
    of_cause_ = died > 0 ? (others_seen_ ? se : of_none_) : of_cause_;
  }
  double of_cause() const { return of_cause_; }
  double of_none() const { return of_none_; }

 private:
  Gone gone_;
  double y_ = 0, b_ = 0, of_cause_ = 0, of_none_ = 0;
  bool none_wanted_, others_seen_ = false;
};

// Aalen's variance: over the event times u up to t, with D = F_k(t) - F_k(u),
//   sum (S(u-) / n - D / (n - d))^2 v(d_k) + (D / (n - d))^2 v(d - d_k),
// where v(d) = d (n - d) / (n - 1) is for tied events, and v(1) = 1. That of no event is
// Greenwood's.
class AalenVariance {
 public:
  explicit AalenVariance(int causes) : sums_(std::size_t(causes)) {}

  void enter(const StepRow&) {}
  void step(const IncidenceStep& now, const double* events);
  void die(const StepRow&, const IncidenceStep&) {}
  void leave(const StepRow&, const IncidenceStep&) {}
  double at(int state, const IncidenceStep& now) const;

 private:
  struct Sums {
    double variance = 0;
    double square = 0;  // sum of (v(d_k) + v(d - d_k)) / (n - d)^2
    double linear = 0;  // the same times D
    double cross = 0;   // sum of S(u-) v(d_k) / (n (n - d))
  };
  std::vector<Sums> sums_;
  double greenwood_ = 0;  // sum of d / (n (n - d))
};

}  // namespace lmsurv
