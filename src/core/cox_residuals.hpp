#pragma once

#include <Eigen/Dense>
#include <vector>

#include "design.hpp"
#include "fitted_model.hpp"
#include "row_matrix.hpp"

namespace lmsurv {

// M_i = status_i - exp(eta_i) H_i, H the cumulative hazard that the row has lived through (Efron: a
// death lives through its share of the hazard at its own time). n, input order. O(n log n).
std::vector<double> martingale_residuals(const FittedModel& model);

// sign(M) sqrt(-2 (M + status log(status - M))); infinite for a death of which none was expected.
std::vector<double> deviance_residuals(const FittedModel& model);

// Score residuals, n x p in input order, not multiplied by the weights:
//   U_i = status_i (x_i - mean at its death) - exp(eta_i) sum over events at risk of h (x_i - m),
// the terms of the sandwich variance (Lin & Wei 1989, doi:10.1080/01621459.1989.10478874).
// Their weighted sum is the score. O((n + d) p), with entry times times log d.
RowMatrix score_residuals(const std::vector<Column>& columns, const FittedModel& model);

// U V, the approximate change of the coefficients when the row is left out; and the same divided by
// the standard errors.
RowMatrix dfbeta_residuals(const std::vector<Column>& columns, const FittedModel& model,
                           const Eigen::MatrixXd& variance);
RowMatrix dfbetas_residuals(const std::vector<Column>& columns, const FittedModel& model,
                            const Eigen::MatrixXd& variance);

// One row for each death, by stratum and time ascending.
struct SchoenfeldResiduals {
  RowMatrix residuals;       // deaths x p: x less the mean over the risk set
  std::vector<double> time;  // of the death
  std::vector<int> row;      // of the input, from 0
};
SchoenfeldResiduals schoenfeld_residuals(const std::vector<Column>& columns,
                                         const FittedModel& model);
// deaths * residual V + coefficients (Grambsch & Therneau 1994, doi:10.1093/biomet/81.3.515, eq.
// 3).
SchoenfeldResiduals scaled_schoenfeld_residuals(const std::vector<Column>& columns,
                                                const FittedModel& model,
                                                const Eigen::VectorXd& coefficients,
                                                const Eigen::MatrixXd& variance);

// The middle of the sandwich: sum over clusters of u u', u the sum of w U over its rows. A cluster
// is a row when `cluster` is null; a row of frequency weight w then stands for w of them.
struct ScoreMeat {
  Eigen::VectorXd score;
  Eigen::MatrixXd meat;
};
// cluster: n codes 1..clusters, or null. O((n + clusters) p^2).
ScoreMeat score_meat(const std::vector<Column>& columns, const FittedModel& model,
                     const int* cluster, int clusters);

}  // namespace lmsurv
