// Nothing is estimated from data without events, but what describes a given model is defined.
#include <gtest/gtest.h>

#include "baseline_hazard.hpp"
#include "concordance.hpp"
#include "cox_likelihood.hpp"
#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;

std::vector<Data> without_events() {
  const Data none{{}, {}, {}, {}, {}, {}, {{}}};
  const Data right_censored{{2, 3, 3}, {}, {}, {}, {0, 0, 0}, {}, {{1, 2, 3}}};
  Data entry = right_censored, strata = right_censored;
  entry.entry = {0, 1, 2};
  strata.stratum = {1, 3, 1};
  return {none, right_censored, entry, strata};
}

TEST(NoEvents, Likelihood) {
  for (const Data& data : without_events()) {
    const Response response = data.response();
    const RiskOrder order = build_risk_order(response, true);
    const RowTerms terms(response, order, false);
    const Execution execution;
    const StandardDesign design(data.columns(), order, nullptr, execution);
    for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
      CoxLikelihood likelihood(order, design, terms, ties, execution);
      Evaluation at;
      likelihood.evaluate(Eigen::VectorXd::Ones(1), at);
      EXPECT_EQ(at.value, 0);
      EXPECT_EQ(at.score, Eigen::VectorXd::Zero(1));
      EXPECT_EQ(at.information, Eigen::MatrixXd::Zero(1, 1));
    }
  }
}

TEST(NoEvents, ResidualsAndHazardAreZero) {
  for (const Data& data : without_events()) {
    const std::vector<double> eta(data.rows(), 0.5);
    const FittedModel model{data.response(), eta.data(), Ties::efron, false, true, {}};
    const Eigen::Index n = Eigen::Index(data.rows());
    EXPECT_EQ(martingale_residuals(model), std::vector<double>(data.rows(), 0));
    EXPECT_EQ(deviance_residuals(model), std::vector<double>(data.rows(), 0));
    EXPECT_EQ(score_residuals(data.columns(), model), RowMatrix::Zero(n, 1));
    EXPECT_EQ(schoenfeld_residuals(data.columns(), model).residuals.rows(), 0);
    EXPECT_EQ(score_meat(data.columns(), model, nullptr, 0).meat, Eigen::MatrixXd::Zero(1, 1));
    for (const double hazard : baseline_hazard(data.columns(), model, {0}).cumulative) {
      EXPECT_EQ(hazard, 0);
    }
    const Concordance c = concordance(data.response(), eta.data(), {});
    EXPECT_EQ(c.concordant + c.discordant + c.tied_score + c.tied_time + c.tied_both, 0);
  }
}

}  // namespace
}  // namespace lmsurv
