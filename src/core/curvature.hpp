#pragma once

#include <Eigen/Dense>
#include <functional>
#include <vector>

namespace lmsurv {

// An information matrix in unit-diagonal form, factored as L D L'. Coordinates without a pivot in
// the first matrix are aliased, and left out of it and of all later ones; so are those that are
// held. Cost: O(p^3) a matrix.
class Curvature {
 public:
  // A coordinate has no information when its diagonal is at most `tolerance` of `size`, and none of
  // its own when its pivot is at most `tolerance` of the diagonal.
  // held: p, or empty for none. pause: asks whether to go on.
  Curvature(const Eigen::MatrixXd& information, double tolerance, double size,
            const std::vector<bool>& held, std::function<void()> pause = nullptr);

  // False when the matrix is not finite or a coordinate that had information has lost it.
  bool update(const Eigen::MatrixXd& information);

  const std::vector<bool>& aliased() const { return aliased_; }

  // Zeros for the coordinates that are left out.
  Eigen::VectorXd solve(const Eigen::VectorXd& rhs) const;
  Eigen::MatrixXd inverse() const;
  double log_determinant() const;  // of the others
  // Relative rounding of the matrix grows by this to the rounding of log_determinant().
  double amplification() const { return inverse_pivot_.sum(); }

 private:
  bool factor(const Eigen::MatrixXd& information, bool first);

  std::function<void()> pause_;
  double tolerance_;
  Eigen::VectorXd unit_;  // 0: left out
  std::vector<bool> aliased_;
  Eigen::MatrixXd lower_;
  Eigen::VectorXd inverse_pivot_;
};

}  // namespace lmsurv
