#pragma once

#include <Eigen/Dense>
#include <functional>
#include <vector>

namespace lmsurv {

// Value, gradient and negative Hessian of a concave function at a point.
struct Evaluation {
  double value = 0;
  double rounding = 0;  // error of the value beyond that of its last digits
  Eigen::VectorXd score;
  Eigen::MatrixXd information;
};

using Objective = std::function<void(const Eigen::VectorXd&, Evaluation&)>;

struct NewtonOptions {
  double eps = 1e-9;            // relative change of the value that counts as none
  double toler_chol = 1.8e-12;  // a pivot below this part of its diagonal means collinear
  int iter_max = 50;
  // What the function sees when coordinate j moves by one: steps are judged in units of it.
  std::vector<double> reach;
  // The size of the function's curvature in each coordinate if nothing cancelled: coordinates whose
  // information is below toler_chol of it have none.
  double curvature = 1;
  // The function has a part whose curvature the information leaves out, and a maximum that is
  // finite whatever the data: Firth's penalty.
  bool penalised = false;
  // Coordinates that stay where they start; empty: none.
  std::vector<bool> held;
  std::function<void()> pause;  // asks whether to go on
};

struct NewtonResult {
  Eigen::VectorXd estimate;
  Evaluation initial;
  Evaluation final;            // at the last evaluated point
  Eigen::MatrixXd inverse;     // of final.information; zeros for aliased and held coordinates
  double score_test = 0;       // score' inverse score, at the initial point
  std::vector<bool> aliased;   // no information apart from that in earlier coordinates
  std::vector<int> diverging;  // the maximum lies at +infinity (1) or -infinity (-1)
  int iterations = 0;
  bool converged = false;
};

// Maximises by Newton's method from `start`.
// - A step that lowers the value, makes it non-finite, or loses rank is halved.
// - Converged when neither the value nor the score has anything left to give: the change of the
//   value is at most eps (|value| + curvature), and the Newton decrement score' inverse score at
//   most 1e-20 curvature, or below the value's rounding and falling no more. The last, negligible
//   step is still taken.
// - A coordinate diverges when the value has stopped growing, but its steps have not become small
//   and the decrement falls by a constant factor rather than quadratically, or when its steps end
//   at numbers too large to compute with, and the function does not fall far beyond: the likelihood
//   is monotone in that direction (Heinze & Schemper 2001, doi:10.1111/j.0006-341X.2001.00114.x).
// - A penalised function has the information for the curvature of its one part, and what the change
//   of the score tells about the other: the structured secant method with the update of Broyden,
//   Fletcher, Goldfarb and Shanno (Dennis, Martinez & Tapia 1989, doi:10.1007/BF00939806), which
//   converges faster than linearly. No coordinate diverges.
// Cost: an evaluation and O(p^3) an iteration.
NewtonResult maximise(const Objective& objective, const Eigen::VectorXd& start,
                      const NewtonOptions& options);

}  // namespace lmsurv
