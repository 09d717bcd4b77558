#pragma once

#include <Eigen/Dense>

namespace lmsurv {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace lmsurv
