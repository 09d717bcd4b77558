#include "climb.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

#include "curvature.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;

constexpr int kMostTrials = 400;
constexpr double kFirstRadius = 4;
constexpr double kNear = 1;  // length of a Newton step that is safe to take
constexpr double kLeastLambda = 1e-13, kLargestLambda = 1e13;
constexpr double kNoGain = 1e-12;  // per unit of curvature
constexpr double kPoor = 0.25, kGood = 0.75, kFactor = 4;

class Climb {
 public:
  Climb(const Objective& objective, const Eigen::VectorXd& start, const Eigen::MatrixXd& yardstick,
        const std::vector<bool>& aliased, const NewtonOptions& options)
      : objective_(objective), options_(options), aliased_(aliased) {
    summit_.point = start;
    for (Index j = 0; j < start.size(); ++j) {
      const std::size_t at = static_cast<std::size_t>(j);
      if (!aliased[at] && (options.held.empty() || !options.held[at])) free_.push_back(j);
    }
    unit_.resize(static_cast<Index>(free_.size()));
    for (Index j = 0; j < unit_.size(); ++j) {
      unit_[j] = 1 / std::sqrt(yardstick(free_[std::size_t(j)], free_[std::size_t(j)]));
    }
    yardstick_ = of_free(yardstick);
  }

  Summit run() {
    objective_(summit_.point, here_);
    if (free_.empty() || !usable(here_)) return std::move(summit_);
    double radius = kFirstRadius;
    while (summit_.steps < kMostTrials) {
      const bool regular = is_regular();
      const bool newton = choose_step(regular, radius);
      const double hoped = gain_expected();
      summit_.in_sight = regular && newton && length(step_) <= kNear;
      if (summit_.in_sight || !(hoped > kNoGain * options_.curvature)) break;
      radius = attempt(hoped, radius);
    }
    return std::move(summit_);
  }

 private:
  Eigen::MatrixXd of_free(const Eigen::MatrixXd& full) const {
    Eigen::MatrixXd out(unit_.size(), unit_.size());
    for (Index a = 0; a < out.rows(); ++a) {
      for (Index b = 0; b < out.cols(); ++b) {
        out(a, b) = full(free_[std::size_t(a)], free_[std::size_t(b)]) * unit_[a] * unit_[b];
      }
    }
    return out;
  }

  static bool usable(const Evaluation& e) {
    return std::isfinite(e.value) && e.score.allFinite() && e.information.allFinite();
  }

  bool is_regular() const {
    const Curvature curvature(here_.information, options_.toler_chol, options_.curvature,
                              options_.held, options_.pause);
    return curvature.aliased() == aliased_;
  }

  double length(const Eigen::VectorXd& step) const {
    return std::sqrt(std::max(0.0, step.dot(yardstick_ * step)) / options_.curvature);
  }

  // Newton's step (true), or the longest of those with a lambda that keeps to the radius.
  bool choose_step(bool regular, double radius) {
    information_ = of_free(here_.information);
    score_.resize(unit_.size());
    for (Index j = 0; j < unit_.size(); ++j) {
      score_[j] = here_.score[free_[std::size_t(j)]] * unit_[j];
    }
    for (double lambda = regular ? 0 : kLeastLambda;
         lambda<kLargestLambda; lambda = lambda> 0 ? lambda * kFactor : kLeastLambda) {
      const Eigen::LLT<Eigen::MatrixXd> factor(information_ + lambda * yardstick_);
      if (factor.info() != Eigen::Success) continue;
      step_ = factor.solve(score_);
      if (step_.allFinite() && length(step_) <= radius) return lambda == 0;
    }
    step_.setZero(unit_.size());
    return false;
  }

  double gain_expected() const { return step_.dot(score_) - step_.dot(information_ * step_) / 2; }

  // The radius of the next trial.
  double attempt(double hoped, double radius) {
    ++summit_.steps;
    Eigen::VectorXd candidate = summit_.point;
    for (Index j = 0; j < unit_.size(); ++j) {
      candidate[free_[std::size_t(j)]] += step_[j] * unit_[j];
    }
    objective_(candidate, trial_);
    const double gain = usable(trial_) ? trial_.value - here_.value : -1;
    if (gain > 0) {
      summit_.point = candidate;
      std::swap(here_, trial_);
    }
    if (!(gain >= kPoor * hoped)) return length(step_) / kFactor;
    return gain >= kGood * hoped ? radius * kFactor : radius;
  }

  const Objective& objective_;
  const NewtonOptions& options_;
  const std::vector<bool>& aliased_;
  Summit summit_;
  std::vector<Index> free_;
  Eigen::VectorXd unit_, score_, step_;  // of the free coordinates, in units of the yardstick
  Eigen::MatrixXd yardstick_, information_;
  Evaluation here_, trial_;
};

}  // namespace

Summit climb(const Objective& objective, const Eigen::VectorXd& start,
             const Eigen::MatrixXd& yardstick, const std::vector<bool>& aliased,
             const NewtonOptions& options) {
  return Climb(objective, start, yardstick, aliased, options).run();
}

}  // namespace lmsurv
