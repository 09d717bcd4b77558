#include "curvature.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "parallel.hpp"

namespace lmsurv {

using Eigen::Index;

namespace {

constexpr Index kColumnsAtATime = 256;  // of an inverse

}  // namespace

Curvature::Curvature(const Eigen::MatrixXd& information, double tolerance, double size,
                     const std::vector<bool>& held, std::function<void()> pause)
    : pause_(std::move(pause)), tolerance_(tolerance), unit_(information.rows()) {
  aliased_.assign(static_cast<std::size_t>(unit_.size()), false);
  for (Index j = 0; j < unit_.size(); ++j) {
    const std::size_t at = static_cast<std::size_t>(j);
    const double diagonal = information(j, j);
    const bool left_out = !held.empty() && held[at];
    aliased_[at] = !left_out && !(diagonal > tolerance_ * size);
    unit_[j] = left_out || aliased_[at] ? 0 : 1 / std::sqrt(diagonal);
  }
  factor(information, true);
}

bool Curvature::update(const Eigen::MatrixXd& information) {
  return information.allFinite() && factor(information, false);
}

Eigen::VectorXd Curvature::solve(const Eigen::VectorXd& rhs) const {
  Eigen::VectorXd x = unit_.cwiseProduct(rhs);
  lower_.triangularView<Eigen::UnitLower>().solveInPlace(x);
  x = x.cwiseProduct(inverse_pivot_);
  lower_.transpose().triangularView<Eigen::UnitUpper>().solveInPlace(x);
  return x.cwiseProduct(unit_);
}

Eigen::MatrixXd Curvature::inverse() const {
  Eigen::MatrixXd inverse = unit_.asDiagonal();
  for (Index begin = 0; begin < inverse.cols(); begin += kColumnsAtATime) {
    if (pause_) pause_();
    auto x = inverse.middleCols(begin, std::min(kColumnsAtATime, inverse.cols() - begin));
    lower_.triangularView<Eigen::UnitLower>().solveInPlace(x);
    x = inverse_pivot_.asDiagonal() * x;
    lower_.transpose().triangularView<Eigen::UnitUpper>().solveInPlace(x);
    x = unit_.asDiagonal() * x;
  }
  return inverse;
}

double Curvature::log_determinant() const {
  double total = 0;
  for (Index j = 0; j < unit_.size(); ++j) {
    if (unit_[j] > 0) total -= std::log(inverse_pivot_[j]) + 2 * std::log(unit_[j]);
  }
  return total;
}

bool Curvature::factor(const Eigen::MatrixXd& information, bool first) {
  const Index p = unit_.size();
  Eigen::MatrixXd a = unit_.asDiagonal() * information * unit_.asDiagonal();
  Eigen::VectorXd inverse_pivot = Eigen::VectorXd::Zero(p);
  Pacer pacer(pause_);
  for (Index j = 0; j < p; ++j) {
    const bool pivot = a(j, j) > tolerance_;
    if (first && !pivot && unit_[j] > 0) {
      aliased_[static_cast<std::size_t>(j)] = true;
      unit_[j] = 0;
    }
    if (unit_[j] == 0) {
      a.row(j).setZero();
      a.col(j).setZero();
      continue;
    }
    if (!pivot) return false;
    inverse_pivot[j] = 1 / a(j, j);
    const Index rest = p - j - 1;
    const Eigen::VectorXd column = a.col(j).tail(rest);
    a.col(j).tail(rest) *= inverse_pivot[j];
    for (Index k = 0; k < rest; ++k) {
      a.col(j + 1 + k).tail(rest - k) -= column[k] * a.col(j).tail(rest - k);
    }
    pacer.work(double(rest) * double(rest) / 4);
  }
  lower_ = std::move(a);
  inverse_pivot_ = std::move(inverse_pivot);
  return true;
}

}  // namespace lmsurv
