// The 45 patients with bone metastases as an order of death and a table of covariates, so that the
// Cox model of Table 5 and the log-rank tests of Figure 5 give what the paper prints. Both depend
// on the order of the times alone; the times themselves come later (bone-times.cpp).

#include <Rcpp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "bone-state.hpp"

using anneal::Random;
using anneal::Window;
using namespace bone;

namespace {

// The coefficients' four each, then the tests.
using Numbers = std::array<double, 4 * p + 4>;

class BoneModel {
 public:
  BoneModel(const Rcpp::NumericMatrix& windows, std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < windows.nrow(); ++i) {
      const auto w = windows(i, Rcpp::_);
      windows_.push_back({w[0], w[1], w[2], w[3], w[4]});
    }
  }

  void start(const State& state) {
    do {
      state_ = state;
      for (int i = 0; i < 2000; ++i) propose(state_);
      for (int now = violations(state_); now > 0;) {
        State trial = state_;
        if (!propose(trial)) continue;
        const int then = violations(trial);
        if (then > now) continue;
        now = then;
        state_ = trial;
      }
      fit_.b.fill(0);
    } while (!newton(state_, fit_));
  }

  // Softness and temperature fall in equal ratios.
  void run(double moves, double soft_from, double soft_to, double hot, double cold) {
    constexpr int stages = 200;
    anneal::Falling softness(soft_from, soft_to, stages), temperature(hot, cold, stages);
    for (int stage = 0; stage < stages; ++stage) {
      softness_ = softness.value();
      newton(state_, fit_);
      cost_ = test_cost(tests(state_), softness_) + Ratios{windows_}.cost(fit_, softness_, 1e9);
      for (double i = 0; i < moves / stages; ++i) step(temperature.value());
      Rcpp::checkUserInterrupt();
      softness.next();
      temperature.next();
    }
  }

  // The best pair of swaps, again and again; where no pair helps, heat, and the same once more from
  // what cost least so far.
  void polish(int rounds, double softness, double heat_moves) {
    State least = best_.state;
    double least_cost = 1e9;
    for (int round = 0; round < rounds; ++round) {
      state_ = least;
      if (round > 0) run(heat_moves, softness, softness, 1.5, 0.04);
      softness_ = softness;
      newton(state_, fit_);
      cost_ = test_cost(tests(state_), softness_) + Ratios{windows_}.cost(fit_, softness_, 1e9);
      while (best_pair()) Rcpp::checkUserInterrupt();
      if (cost_ < least_cost) {
        least = state_;
        least_cost = cost_;
      }
    }
  }

  const anneal::Best<State>& best() const { return best_; }

 private:
  bool swap_field(State& state, int i, int j, int field) {
    if (state[i].value[field] == state[j].value[field]) return false;
    std::swap(state[i].value[field], state[j].value[field]);
    return true;
  }

  struct Swap {
    int i, j, what;  // a field, or all fields, or the death, or the place
    double cost;
    Numbers change;

    void apply(State& state) const {
      if (what < fields) std::swap(state[i].value[what], state[j].value[what]);
      if (what == fields) std::swap(state[i].value, state[j].value);
      if (what == fields + 1) std::swap(state[i].dead, state[j].dead);
      if (what == fields + 2) std::swap(state[i], state[j]);
    }
  };

  struct Pair {
    double cost;
    int first, second;
    bool operator<(const Pair& other) const { return cost < other.cost; }
  };

  Numbers numbers(const Fit& fit, const State& state) const {
    Numbers out;
    for (int j = 0; j < p; ++j) {
      const auto x = Ratios::numbers(fit, j);
      std::copy(x.begin(), x.end(), out.begin() + 4 * j);
    }
    const Tests chi2 = tests(state);
    std::copy(chi2.begin(), chi2.end(), out.begin() + 4 * p);
    return out;
  }

  // Stops where the sum passes the limit.
  double cost_of(const Numbers& x, double limit) const {
    double sum = 0;
    for (int i = 4 * p + 3; i >= 0 && sum <= limit; --i) sum += windows_[i].cost(x[i], softness_);
    return sum;
  }

  // False where the state is impossible or has no fit.
  bool exact(const State& state, Fit& fit, double& cost) const {
    if (violations(state) > 0 || !newton(state, fit)) return false;
    cost = cost_of(numbers(fit, state), 1e9);
    return true;
  }

  // All single swaps, those that cost least first.
  std::vector<Swap> single_swaps(std::size_t keep) const {
    const Numbers here = numbers(fit_, state_);
    std::vector<Swap> swaps;
    for (int what = 0; what < fields + 3; ++what) {
      for (int i = 0; i < n; ++i) {
        for (int j = i + 1; j < n; ++j) {
          Swap swap{i, j, what, 0, {}};
          State trial = state_;
          swap.apply(trial);
          if (what < fields && trial[i].value[what] == state_[i].value[what]) continue;
          if (what > fields && trial[i].dead == state_[i].dead) continue;
          Fit fit = fit_;
          if (!exact(trial, fit, swap.cost)) continue;
          swap.change = numbers(fit, trial);
          for (std::size_t k = 0; k < here.size(); ++k) swap.change[k] -= here[k];
          swaps.push_back(swap);
        }
      }
    }
    std::stable_sort(swaps.begin(), swaps.end(),
                     [](const Swap& a, const Swap& b) { return a.cost < b.cost; });
    if (swaps.size() > keep) swaps.resize(keep);
    return swaps;
  }

  // The changes of two swaps nearly add up. Those pairs whose sum promises most are fitted, and the
  // best is taken if it is better than what is there.
  bool best_pair() {
    constexpr std::size_t keep = 2500, fitted = 6000;
    const std::vector<Swap> swaps = single_swaps(keep);
    const Numbers here = numbers(fit_, state_);
    std::vector<Pair> pairs;  // a heap, the most costly on top
    for (int a = 0; a < static_cast<int>(swaps.size()); ++a) {
      for (int b = -1; b < a; ++b) {
        const double limit = pairs.size() < fitted ? 1e9 : pairs.front().cost;
        Numbers x = here;
        for (std::size_t k = 0; k < x.size(); ++k) {
          x[k] += swaps[a].change[k] + (b < 0 ? 0 : swaps[b].change[k]);
        }
        const double cost = cost_of(x, limit);
        if (cost >= limit) continue;
        if (pairs.size() == fitted) {
          std::pop_heap(pairs.begin(), pairs.end());
          pairs.pop_back();
        }
        pairs.push_back({cost, a, b});
        std::push_heap(pairs.begin(), pairs.end());
      }
    }
    bool better = false;
    const State from = state_;
    const Fit fit_from = fit_;
    for (const Pair& pair : pairs) {
      State trial = from;
      swaps[pair.first].apply(trial);
      if (pair.second >= 0) swaps[pair.second].apply(trial);
      Fit fit = fit_from;
      double cost = 0;
      if (!exact(trial, fit, cost) || cost >= cost_) continue;
      better = true;
      state_ = trial;
      fit_ = fit;
      cost_ = cost;
      const Tests chi2 = tests(trial);
      if (misses(fit, chi2) <= best_.misses) keep_best(chi2);
    }
    return better;
  }

  bool propose(State& state) {
    const double kind = random_.uniform();
    const int i = random_.below(n);
    int j = random_.below(n);
    if (kind < 0.45) return swap_field(state, i, j, random_.below(fields));
    if (kind < 0.60) {
      const bool first = swap_field(state, i, j, random_.below(fields));
      return swap_field(state, random_.below(n), random_.below(n), random_.below(fields)) || first;
    }
    if (kind < 0.80) j = i + 1 + random_.below(4);
    if (j >= n || i == j) return false;
    if (kind < 0.90) {
      std::swap(state[i].value, state[j].value);
      return true;
    }
    if (state[i].dead == state[j].dead) return false;
    if (kind < 0.95) {
      std::swap(state[i].dead, state[j].dead);
    } else {
      std::swap(state[i], state[j]);
    }
    return true;
  }

  // The windows of the tests follow those of the coefficients.
  double test_cost(const Tests& chi2, double softness) const {
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += windows_[4 * p + i].cost(chi2[i], softness);
    return sum;
  }

  int misses(const Fit& fit, const Tests& chi2) const {
    int count = Ratios{windows_}.misses(fit);
    for (int i = 0; i < 4; ++i) count += windows_[4 * p + i].outside(chi2[i]) > 0;
    return count;
  }

  void step(double temperature) {
    State trial = state_;
    if (!propose(trial) || violations(trial) > 0) return;
    const double limit = anneal::threshold(cost_, temperature, random_);
    const Tests chi2 = tests(trial);
    const double tests_only = test_cost(chi2, softness_);
    if (tests_only > limit) return;
    Fit fit = fit_;
    const Ratios ratios{windows_};
    // One step shows well enough where the cost is going.
    const auto promising = [&](const Fit& first) {
      const double then = tests_only + ratios.cost(first, softness_, 1e9);
      return cost_ + 0.6 * (then - cost_) <= limit;
    };
    if (!newton(trial, fit, 1e-3, promising)) return;
    const double cost = tests_only + ratios.cost(fit, softness_, limit);
    if (cost > limit) return;
    state_ = trial;
    fit_ = fit;
    cost_ = cost;
    if (softness_ < 2 && misses(fit_, chi2) <= best_.misses) keep_best(chi2);
  }

  void keep_best(const Tests& chi2) {
    Fit fit = fit_;
    newton(state_, fit);
    best_.offer(state_, misses(fit, chi2), test_cost(chi2, 1) + Ratios{windows_}.cost(fit, 1, 1e9));
  }

  Random random_;
  std::vector<Window> windows_;
  State state_;
  anneal::Best<State> best_;
  Fit fit_;
  double softness_ = 1, cost_ = 0;
};

}  // namespace

// start: 45 x 7 values of the fields and of death. windows: 52 x 5. schedule: rows of moves,
// softness from and to, temperature from and to. Then rounds of polishing.
// [[Rcpp::export]]
Rcpp::List anneal_bone_model(Rcpp::IntegerMatrix start, Rcpp::NumericMatrix windows,
                             Rcpp::NumericMatrix schedule, int rounds, double heat_moves,
                             int seed) {
  State state;
  for (int i = 0; i < n; ++i) {
    for (int f = 0; f < fields; ++f) state[i].value[f] = static_cast<signed char>(start(i, f));
    state[i].dead = static_cast<signed char>(start(i, fields));
  }
  BoneModel model(windows, static_cast<std::uint64_t>(seed));
  model.start(state);
  for (int k = 0; k < schedule.nrow(); ++k) {
    model.run(schedule(k, 0), schedule(k, 1), schedule(k, 2), schedule(k, 3), schedule(k, 4));
  }
  model.polish(rounds, 0.3, heat_moves);
  Rcpp::IntegerMatrix out(n, fields + 1);
  for (int i = 0; i < n; ++i) {
    for (int f = 0; f < fields; ++f) out(i, f) = model.best().state[i].value[f];
    out(i, fields) = model.best().state[i].dead;
  }
  return Rcpp::List::create(Rcpp::Named("state") = out, Rcpp::Named("misses") = model.best().misses,
                            Rcpp::Named("cost") = model.best().cost);
}
