#include "rank_statistic.hpp"

#include <cmath>
#include <limits>

namespace lmsurv {

// Eliminating the last group m leaves the rest with A_ij + A_im A_jm / A_m, A = -V off the diagonal
// and A_m the sum of its row, with U_i + U_m A_im / A_m, and takes U_m^2 / A_m of the statistic.
ChiSquared laplacian_test(const Eigen::VectorXd& score, const Eigen::MatrixXd& variance) {
  Eigen::MatrixXd joined = -variance;
  Eigen::VectorXd left = score;
  ChiSquared out;
  for (Eigen::Index m = score.size() - 1; m > 0; --m) {
    const double total = joined.col(m).head(m).sum();
    if (!(total > 0)) continue;
    const Eigen::VectorXd share = joined.col(m).head(m) / total;
    joined.topLeftCorner(m, m) += share * joined.col(m).head(m).transpose();
    left.head(m) += share * left[m];
    out.statistic += left[m] * (left[m] / total);
    ++out.df;
  }
  return out;
}

ChiSquared spectral_test(const Eigen::VectorXd& score, const Eigen::MatrixXd& variance) {
  const Eigen::VectorXd scale =
      variance.diagonal().unaryExpr([](double v) { return v > 0 ? 1 / std::sqrt(v) : 0.0; });
  const Eigen::MatrixXd scaled = scale.asDiagonal() * variance * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scaled);
  const Eigen::VectorXd& values = solver.eigenvalues();
  const Eigen::VectorXd part = solver.eigenvectors().transpose() * scale.cwiseProduct(score);
  const double least =
      std::pow(std::numeric_limits<double>::epsilon(), 0.75) * static_cast<double>(values.size());
  ChiSquared out;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    if (values[i] <= least) continue;
    out.statistic += part[i] * (part[i] / values[i]);
    ++out.df;
  }
  return out;
}

}  // namespace lmsurv
