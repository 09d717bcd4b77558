#include "cox_residuals.hpp"

#include <algorithm>
#include <cmath>

#include "ordered_model.hpp"
#include "row_kernels.hpp"

namespace lmsurv {
namespace {

constexpr std::size_t kTile = 64;

// U of one row, in units of the standardised columns.
void score_residual(const OrderedModel& fitted, int i, int death, const double* lived, double* u) {
  const EventMoments& m = fitted.moments();
  const double* z = m.design().at(std::size_t(i));
  const double risk = fitted.relative_risk(i);
  for (std::size_t j = 0; j < m.ones(); ++j) u[j] = -risk * (z[j] * lived[m.ones()] - lived[j]);
  if (death < 0) return;
  for (std::size_t j = 0; j < m.ones(); ++j) u[j] += z[j];
  m.subtract_mean(death, u);
}

// exp(eta) H of each row, in input order.
std::vector<double> expected_events(const FittedModel& model) {
  const OrderedModel fitted({}, model);
  const EventMoments& m = fitted.moments();
  std::vector<double> expected(model.response.rows);
  RowWalk(m, model.execution).for_each([&](std::size_t, int i, int, const double* lived) {
    expected[std::size_t(m.order().row[i])] = fitted.relative_risk(i) * lived[m.ones()];
  });
  return expected;
}

Eigen::Map<const Eigen::VectorXd> scale_of(const EventMoments& m) {
  return {m.design().scale().data(), static_cast<Eigen::Index>(m.ones())};
}

}  // namespace

std::vector<double> martingale_residuals(const FittedModel& model) {
  std::vector<double> residuals = expected_events(model);
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    residuals[i] = model.response.status[i] - residuals[i];
  }
  return residuals;
}

// From the expected events themselves: 1 - M would lose the digits of a small expectation.
std::vector<double> deviance_residuals(const FittedModel& model) {
  std::vector<double> residuals = expected_events(model);
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const bool died = model.response.status[i] != 0;
    const double martingale = died - residuals[i];
    const double deviance = -2 * (martingale + (died ? std::log(residuals[i]) : 0.0));
    residuals[i] = std::copysign(std::sqrt(std::max(0.0, deviance)), martingale);
  }
  return residuals;
}

RowMatrix score_residuals(const std::vector<Column>& columns, const FittedModel& model) {
  const OrderedModel fitted(columns, model);
  const EventMoments& m = fitted.moments();
  const Eigen::Index p = static_cast<Eigen::Index>(m.ones());
  RowMatrix residuals = RowMatrix::Zero(static_cast<Eigen::Index>(model.response.rows), p);
  RowWalk(m, model.execution).for_each([&](std::size_t, int i, int death, const double* lived) {
    score_residual(fitted, i, death, lived, residuals.data() + p * m.order().row[i]);
  });
  return residuals * scale_of(m).asDiagonal();
}

RowMatrix dfbeta_residuals(const std::vector<Column>& columns, const FittedModel& model,
                           const Eigen::MatrixXd& variance) {
  return score_residuals(columns, model) * variance;
}

RowMatrix dfbetas_residuals(const std::vector<Column>& columns, const FittedModel& model,
                            const Eigen::MatrixXd& variance) {
  return dfbeta_residuals(columns, model, variance) *
         variance.diagonal().cwiseSqrt().cwiseInverse().asDiagonal();
}

SchoenfeldResiduals schoenfeld_residuals(const std::vector<Column>& columns,
                                         const FittedModel& model) {
  const OrderedModel fitted(columns, model);
  const EventMoments& m = fitted.moments();
  const RiskOrder& order = m.order();
  const Eigen::Index p = static_cast<Eigen::Index>(m.ones());
  std::vector<int> event;
  SchoenfeldResiduals out;
  std::vector<int> position;
  for (int s = 0; s < order.strata(); ++s) {
    for (int k = order.stratum_events[s + 1] - 1; k >= order.stratum_events[s]; --k) {
      for (int i = order.death_begin[k]; i < order.death_end[k]; ++i) {
        event.push_back(k);
        position.push_back(i);
        out.time.push_back(order.time[i]);
        out.row.push_back(order.row[i]);
      }
    }
  }
  out.residuals.resize(static_cast<Eigen::Index>(event.size()), p);
  for (std::size_t d = 0; d < event.size(); ++d) {
    Eigen::RowVectorXd away =
        Eigen::Map<const Eigen::RowVectorXd>(m.design().at(std::size_t(position[d])), p);
    m.subtract_mean(event[d], away.data());
    out.residuals.row(static_cast<Eigen::Index>(d)) = away.cwiseProduct(scale_of(m).transpose());
  }
  return out;
}

SchoenfeldResiduals scaled_schoenfeld_residuals(const std::vector<Column>& columns,
                                                const FittedModel& model,
                                                const Eigen::VectorXd& coefficients,
                                                const Eigen::MatrixXd& variance) {
  SchoenfeldResiduals out = schoenfeld_residuals(columns, model);
  const RowMatrix scaled = static_cast<double>(out.residuals.rows()) * out.residuals * variance;
  out.residuals = scaled.rowwise() + coefficients.transpose();
  return out;
}

namespace {

// sum of c u u' over rows of tiles that are filled one row at a time.
class GramTile {
 public:
  explicit GramTile(std::size_t stride)
      : stride_(stride), rows_(stride * kTile), gram_(stride * stride) {}

  double* next(double weight) {
    if (weights_.size() == kTile) flush();
    weights_.push_back(weight);
    return &rows_[stride_ * (weights_.size() - 1)];
  }
  void flush() {
    row_kernels().gram(rows_.data(), weights_.size(), stride_, weights_.data(), gram_.data());
    weights_.clear();
  }
  Eigen::MatrixXd total(Eigen::Index p) {
    flush();
    const Eigen::Index stride = static_cast<Eigen::Index>(stride_);
    return Eigen::Map<const RowMatrix>(gram_.data(), stride, stride)
        .topLeftCorner(p, p)
        .selfadjointView<Eigen::Upper>();
  }

 private:
  std::size_t stride_;
  std::vector<double> rows_, gram_, weights_;
};

Eigen::MatrixXd meat_of_rows(const OrderedModel& fitted, const Execution& execution,
                             Eigen::VectorXd& score) {
  const EventMoments& m = fitted.moments();
  const RowWalk rows(m, execution);
  const Eigen::Index p = score.size();
  std::vector<GramTile> tiles(rows.chunks(), GramTile(m.stride()));
  std::vector<Eigen::VectorXd> scores(rows.chunks(), Eigen::VectorXd::Zero(p));
  rows.for_each([&](std::size_t c, int i, int death, const double* lived) {
    const double w = m.terms().weight_at(std::size_t(i));
    double* u = tiles[c].next(m.terms().frequency ? w : w * w);
    score_residual(fitted, i, death, lived, u);
    scores[c] += w * Eigen::Map<const Eigen::VectorXd>(u, p);
  });
  Eigen::MatrixXd meat = Eigen::MatrixXd::Zero(p, p);
  for (std::size_t c = 0; c < tiles.size(); ++c) {
    meat += tiles[c].total(p);
    score += scores[c];
  }
  return meat;
}

ScoreMeat meat_of_clusters(const RowMatrix& residuals, const double* weight, const int* cluster,
                           int clusters) {
  RowMatrix sums = RowMatrix::Zero(clusters, residuals.cols());
  for (Eigen::Index i = 0; i < residuals.rows(); ++i) {
    sums.row(cluster[i] - 1) += (weight ? weight[i] : 1.0) * residuals.row(i);
  }
  return {sums.colwise().sum(), sums.transpose() * sums};
}

}  // namespace

ScoreMeat score_meat(const std::vector<Column>& columns, const FittedModel& model,
                     const int* cluster, int clusters) {
  if (cluster) {
    return meat_of_clusters(score_residuals(columns, model), model.response.weight, cluster,
                            clusters);
  }
  ScoreMeat out;
  out.score = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(columns.size()));
  const OrderedModel fitted(columns, model);
  const EventMoments& m = fitted.moments();
  out.meat = meat_of_rows(fitted, model.execution, out.score);
  out.score = out.score.cwiseProduct(scale_of(m));
  out.meat = scale_of(m).asDiagonal() * out.meat * scale_of(m).asDiagonal();
  return out;
}

}  // namespace lmsurv
