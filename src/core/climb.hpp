#pragma once

#include <Eigen/Dense>
#include <vector>

#include "newton.hpp"

namespace lmsurv {

struct Summit {
  Eigen::VectorXd point;
  int steps = 0;
  bool in_sight = false;  // Newton's method can take over
};

// Climbs a concave function from where its curvature is lost in rounding, as that of a likelihood
// is where a few rows outweigh all others, to where Newton's method can go on: by steps of
//   (H + lambda D) step = score
// that are no longer than a radius, which grows while the function does what is expected of it (a
// trust region: Conn, Gould & Toint 2000, doi:10.1137/1.9780898719857, section 6.1).
//
// yardstick: D, the information where no row outweighs the others, of which lengths are counted per
// unit of options.curvature. aliased: coordinates without information there, which stay where they
// are, as do those that options.held holds.
Summit climb(const Objective& objective, const Eigen::VectorXd& start,
             const Eigen::MatrixXd& yardstick, const std::vector<bool>& aliased,
             const NewtonOptions& options);

}  // namespace lmsurv
