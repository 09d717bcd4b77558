#include "newton.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "curvature.hpp"

namespace lmsurv {
namespace {

constexpr int kMostHalvings = 30;
constexpr int kMostPenalisedHalvings = 60;  // from where the information is next to nothing
constexpr double kScoreTolerance = 1e-20;   // of the decrement, per unit of curvature
constexpr double kGainIsOver = 1e-7;        // decrement at which the value no longer grows,
constexpr double kGainIsSmall = 1e-3;       // and at which divergence is told apart at the last
constexpr double kStepStaysLarge = 0.01;    // in units of reach
constexpr double kFarBeyond = 200;          // in units of reach
constexpr double kFallen = 0.5;             // of the value
constexpr double kAliasedScore = 1e-6;      // per unit of curvature
constexpr double kBeyondNumbers = 100;      // reach of a coefficient whose exponential overflowed
constexpr int kOverflows = 3;               // iterations in a row that met one
constexpr double kLeastCurvature = 0.01;    // seen along a step, per unit of what was expected
constexpr double kLinearRate = 0.05;        // quadratic convergence is far below, divergence at 1/e

using Eigen::Index;

class Newton {
 public:
  Newton(const Objective& objective, const Eigen::VectorXd& start, const NewtonOptions& options)
      : objective_(objective), options_(options) {
    result_.estimate = start;
    result_.diverging.assign(static_cast<std::size_t>(start.size()), 0);
    objective_(start, result_.initial);
    result_.final = result_.initial;
    unseen_ = Eigen::MatrixXd::Zero(start.size(), start.size());
  }

  NewtonResult run() {
    const Evaluation& initial = result_.initial;
    if (!std::isfinite(initial.value) || !initial.score.allFinite() ||
        !initial.information.allFinite()) {
      result_.aliased.assign(result_.diverging.size(), false);
      result_.inverse = Eigen::MatrixXd::Zero(initial.score.size(), initial.score.size());
      return std::move(result_);
    }
    Curvature curvature(initial.information, options_.toler_chol, options_.curvature, options_.held,
                        options_.pause);
    next_step(curvature);
    result_.score_test = decrement_;
    while (result_.iterations < options_.iter_max && !finished()) {
      if (!advance(curvature)) break;
    }
    conclude(curvature);
    return std::move(result_);
  }

 private:
  void next_step(const Curvature& curvature) {
    previous_decrement_ = decrement_;
    step_ = curvature.solve(result_.final.score);
    decrement_ = step_.dot(result_.final.score);
  }

  bool score_is_zero() const {
    return decrement_ <= kScoreTolerance * options_.curvature ||
           (decrement_ <= result_.final.rounding && decrement_ > previous_decrement_ / 2);
  }

  bool finished() {
    if ((score_is_zero() && value_settled_) || overflows_ >= kOverflows) return true;
    return gain_is_below(kGainIsOver) && value_settled_ && endless();
  }

  bool gain_is_below(double limit) const {
    return decrement_ <= limit * std::min(1.0, options_.curvature);
  }

  bool diverges(Index j) const {
    return !options_.penalised &&
           std::fabs(step_[j]) * options_.reach[static_cast<std::size_t>(j)] > kStepStaysLarge &&
           (flat_beyond_ || decrement_ > kLinearRate * previous_decrement_);
  }

  // Whether a coordinate diverges and the function is no smaller far beyond: on a wide plateau the
  // steps are like those to a maximum at infinity, until they are past its middle.
  bool endless() {
    Eigen::VectorXd beyond = Eigen::VectorXd::Zero(step_.size());
    double longest = 0;
    for (Index j = 0; j < step_.size(); ++j) {
      if (!diverges(j)) continue;
      beyond[j] = step_[j];
      longest = std::max(longest, std::fabs(step_[j]) * options_.reach[std::size_t(j)]);
    }
    if (longest == 0) return false;
    objective_(result_.estimate + kFarBeyond / longest * beyond, trial_);
    return !(trial_.value < result_.final.value - kFallen * std::min(1.0, options_.curvature));
  }

  // One accepted step, halved as needed; false when no part of it is acceptable.
  bool advance(Curvature& curvature) {
    ++result_.iterations;
    double part = 1;
    bool overflow = false;
    flat_beyond_ = false;
    const int most = options_.penalised ? kMostPenalisedHalvings : kMostHalvings;
    for (int halving = 0; halving <= most; ++halving, part /= 2) {
      const Eigen::VectorXd candidate = result_.estimate + part * step_;
      objective_(candidate, trial_);
      if (acceptable(trial_)) {
        if (follow(curvature, candidate - result_.estimate)) {
          accept(candidate);
          next_step(curvature);
          overflows_ = overflow ? overflows_ + 1 : 0;
          return true;
        }
        flat_beyond_ = true;
      }
      overflow = overflow || (!options_.penalised && !std::isfinite(trial_.value));
    }
    if (overflow) overflows_ = kOverflows;
    return false;
  }

  // The curvature at the trial point, a step from the last one. False when it has lost rank.
  bool follow(Curvature& curvature, const Eigen::VectorXd& step) {
    if (!options_.penalised) return curvature.update(trial_.information);
    learn(step);
    if (curvature.update(trial_.information + unseen_)) return true;
    unseen_.setZero();
    return curvature.update(trial_.information);
  }

  // Nothing is learnt from a step along which the function is not concave.
  void learn(const Eigen::VectorXd& step) {
    const Eigen::VectorXd expected = (trial_.information + unseen_) * step;
    const Eigen::VectorXd seen = result_.final.score - trial_.score;
    const double from = step.dot(expected);
    const double to = step.dot(seen);
    if (!(from > 0) || to < kLeastCurvature * from) return;
    unseen_ += seen * seen.transpose() / to - expected * expected.transpose() / from;
  }

  bool acceptable(const Evaluation& trial) const {
    const double rounding =
        1e-13 * (std::min(1.0, options_.curvature) + std::fabs(result_.final.value)) +
        trial.rounding;
    return std::isfinite(trial.value) && trial.score.allFinite() &&
           trial.value >= result_.final.value - rounding;
  }

  void accept(const Eigen::VectorXd& candidate) {
    const double change = std::fabs(trial_.value - result_.final.value);
    value_settled_ =
        change <= options_.eps * (std::fabs(trial_.value) + options_.curvature) + trial_.rounding;
    result_.estimate = candidate;
    std::swap(result_.final, trial_);
  }

  void conclude(Curvature& curvature) {
    result_.aliased = curvature.aliased();
    if (options_.penalised) curvature.update(result_.final.information);
    result_.inverse = curvature.inverse();
    if (options_.iter_max == 0) {
      result_.converged = true;
      return;
    }
    const bool slow = gain_is_below(kGainIsSmall) && !score_is_zero() && endless();
    bool anywhere = false;
    for (Index j = 0; j < step_.size(); ++j) {
      if (!(slow && diverges(j)) && !overflowed(j)) continue;
      result_.diverging[static_cast<std::size_t>(j)] = step_[j] > 0 ? 1 : -1;
      anywhere = true;
    }
    result_.converged = score_is_zero() && aliased_score_is_zero() && !anywhere;
    if (result_.converged) result_.estimate += step_;
  }

  // A coordinate without information has no score either, unless both drowned in rounding.
  bool aliased_score_is_zero() const {
    for (Index j = 0; j < step_.size(); ++j) {
      if (result_.aliased[static_cast<std::size_t>(j)] &&
          std::fabs(result_.final.score[j]) > kAliasedScore * options_.curvature) {
        return false;
      }
    }
    return true;
  }

  bool overflowed(Index j) const {
    return overflows_ >= kOverflows && result_.estimate[j] * step_[j] > 0 &&
           std::fabs(result_.estimate[j]) * options_.reach[static_cast<std::size_t>(j)] >
               kBeyondNumbers;
  }

  const Objective& objective_;
  const NewtonOptions& options_;
  NewtonResult result_;
  Evaluation trial_;
  Eigen::VectorXd step_;
  double decrement_ = 0;
  double previous_decrement_ = 0;
  int overflows_ = 0;
  Eigen::MatrixXd unseen_;    // curvature of a penalised function that its information leaves out
  bool flat_beyond_ = false;  // a part of the last step would have lost rank
  bool value_settled_ = false;
};

}  // namespace

NewtonResult maximise(const Objective& objective, const Eigen::VectorXd& start,
                      const NewtonOptions& options) {
  return Newton(objective, start, options).run();
}

}  // namespace lmsurv
