// Risks that differ by 20 orders of magnitude and more, beyond the range of numbers too, with rows
// that leave the risk set in all orders: sums that take rows away again would lose every digit
// here.
#include <gtest/gtest.h>

#include <cmath>

#include "baseline_hazard.hpp"
#include "cox_fit.hpp"
#include "cox_likelihood.hpp"
#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;
using oracle::Real;

constexpr double kTolerance = 1e-8;
constexpr double kLeast = 1e-290;  // a hazard of which all digits are numbers

// Every tenth row has exp(eta) larger by e^spread. In the order of events, latest first, such rows
// are at risk for a while in the middle and then leave.
Data wide_data(std::size_t rows, double spread, bool ties, std::uint64_t seed) {
  oracle::Random random(seed);
  Data data;
  data.x.resize(2);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool huge = i % 10 == 3;
    const double time = ties ? random.integer(10, 100) : random.uniform(10, 100);
    data.time.push_back(time);
    data.entry.push_back(huge ? time - (ties ? random.integer(1, 9) : random.uniform(0.1, 9)) : 0);
    data.status.push_back(random.chance(0.8));
    data.x[0].push_back((huge ? spread : 0) + random.uniform(-3, 3));
    data.x[1].push_back(random.uniform(-1, 1));
  }
  return data;
}

struct Range {
  std::size_t rows;
  double spread;
  bool ties;
};

class WideRange : public ::testing::TestWithParam<Range> {};
INSTANTIATE_TEST_SUITE_P(Spreads, WideRange,
                         ::testing::Values(Range{200, 50, false}, Range{200, 50, true},
                                           Range{200, 46, false}, Range{1500, 60, false},
                                           Range{200, -50, true}, Range{200, 300, false},
                                           Range{200, 1500, true}, Range{600, -4000, false}));

TEST_P(WideRange, LikelihoodByDefinition) {
  const Data data = wide_data(GetParam().rows, GetParam().spread, GetParam().ties, 21);
  for (const Ties ties : {Ties::efron, Ties::breslow}) {
    const Response response = data.response();
    const RiskOrder order = build_risk_order(response, true);
    const RowTerms terms(response, order, false);
    const Execution execution;
    const StandardDesign design(data.columns(), order, nullptr, execution);
    CoxLikelihood likelihood(order, design, terms, ties, execution);
    const std::vector<double> beta{1, 0.7};
    Eigen::Vector2d standard(beta[0] * design.scale()[0], beta[1] * design.scale()[1]);
    Evaluation actual;
    likelihood.evaluate(standard, actual);
    const oracle::Model model(data, oracle::linear_predictors(data, beta), ties, false);
    const oracle::Evaluation expected = model.evaluate();
    EXPECT_LE(distance(actual.value, expected.value, 1), kTolerance);
    for (std::size_t a = 0; a < 2; ++a) {
      const double score = actual.score[Index(a)] * design.scale()[a];
      EXPECT_LE(distance(score, expected.score[a], 1), kTolerance);
      for (std::size_t b = 0; b < 2; ++b) {
        const double i =
            actual.information(Index(a), Index(b)) * design.scale()[a] * design.scale()[b];
        const Real unit = std::sqrt(expected.information[a][a] * expected.information[b][b]);
        EXPECT_LE(distance(i, expected.information[a][b], unit), kTolerance);
      }
    }
  }
}

TEST_P(WideRange, ResidualsAndHazardByDefinition) {
  const Data data = wide_data(GetParam().rows, GetParam().spread, GetParam().ties, 22);
  std::vector<double> eta(data.rows());
  for (std::size_t i = 0; i < eta.size(); ++i) eta[i] = data.x[0][i] + 0.7 * data.x[1][i];
  const oracle::Model direct(data, oracle::Vector(eta.begin(), eta.end()), Ties::efron, false);
  const FittedModel model{data.response(), eta.data(), Ties::efron, false, true, {}};
  const oracle::Vector martingale = direct.martingale();
  const std::vector<double> actual = martingale_residuals(model);
  const oracle::Matrix score = direct.score_residuals();
  const RowMatrix actual_score = score_residuals(data.columns(), model);
  for (std::size_t i = 0; i < eta.size(); ++i) {
    ASSERT_LE(distance(actual[i], martingale[i], 1), kTolerance) << "row " << i;
    for (std::size_t j = 0; j < 2; ++j) {
      const Real unit =
          (1 + std::fabs(martingale[i])) * std::max(1.0, std::fabs(GetParam().spread));
      ASSERT_LE(distance(actual_score(Index(i), Index(j)), score[i][j], unit), kTolerance);
    }
  }
  const oracle::Hazard hazard = direct.baseline({0, 0});
  const BaselineHazard actual_hazard = baseline_hazard(data.columns(), model, {0, 0});
  for (std::size_t t = 0; t < hazard.time.size(); ++t) {
    ASSERT_LE(distance(actual_hazard.hazard[t], hazard.hazard[t], kLeast), kTolerance);
    ASSERT_LE(distance(actual_hazard.cumulative[t], hazard.cumulative[t], kLeast), kTolerance);
    ASSERT_LE(distance(actual_hazard.variance[t], hazard.variance[t], kLeast), kTolerance);
  }
}

// The spread as an offset: the maximum is found, and is the oracle's.
TEST_P(WideRange, FitWithOffset) {
  Data data = wide_data(GetParam().rows, 0, GetParam().ties, 23);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.offset.push_back(i % 10 == 3 ? GetParam().spread : 0);
  }
  const CoxFit fit = fit_cox(data.columns(), data.response(), {});
  ASSERT_TRUE(fit.converged);
  EXPECT_EQ(fit.diverging, std::vector<int>(2, 0));
  const oracle::Vector eta =
      oracle::linear_predictors(data, {fit.coefficients[0], fit.coefficients[1]});
  const oracle::Evaluation at = oracle::Model(data, eta, Ties::efron, false).evaluate();
  const oracle::Matrix variance = oracle::inverse(at.information);
  EXPECT_LE(distance(fit.loglik[1], at.value, 1), kTolerance);
  for (std::size_t a = 0; a < 2; ++a) {
    const Real step = variance[a][0] * at.score[0] + variance[a][1] * at.score[1];
    EXPECT_LE(std::fabs(step) / std::sqrt(variance[a][a]), kTolerance);
    EXPECT_LE(distance(fit.variance(Index(a), Index(a)), variance[a][a], 0), kTolerance);
  }
}

// x - 1e9 is exact, so both fits are of the same numbers.
TEST(WideRangeCovariate, AHugeConstantPartIsNothing) {
  Data near = oracle::random_data({200, 2}, 24);
  Data far = near;
  for (std::size_t i = 0; i < near.rows(); ++i) {
    far.x[0][i] = near.x[0][i] + 1e9;
    near.x[0][i] = far.x[0][i] - 1e9;
  }
  const CoxFit a = fit_cox(near.columns(), near.response(), {});
  const CoxFit b = fit_cox(far.columns(), far.response(), {});
  ASSERT_TRUE(b.converged);
  EXPECT_EQ(b.aliased, std::vector<bool>(2, false));
  for (Index j = 0; j < 2; ++j) {
    EXPECT_LE(distance(b.coefficients[j], a.coefficients[j], 0.01), kTolerance);
    EXPECT_LE(distance(b.variance(j, j), a.variance(j, j), 0), kTolerance);
  }
  // The mean itself is a number of 1e9 and has its precision.
  for (std::size_t i = 0; i < near.rows(); ++i) {
    EXPECT_NEAR(b.linear_predictors[i], a.linear_predictors[i], 1e-6);
  }
}

TEST(WideRangeCovariate, UnitsOfAllSizes) {
  const Data data = oracle::random_data({200, 2}, 25);
  const CoxFit original = fit_cox(data.columns(), data.response(), {});
  for (const double unit : {1e-150, 1e-30, 1e30, 1e150}) {
    Data scaled = data;
    for (double& x : scaled.x[0]) x *= unit;
    const CoxFit fit = fit_cox(scaled.columns(), scaled.response(), {});
    EXPECT_TRUE(fit.converged) << unit;
    EXPECT_LE(distance(fit.coefficients[0] * unit, original.coefficients[0], 0.01), kTolerance);
    EXPECT_LE(distance(fit.coefficients[1], original.coefficients[1], 0.01), kTolerance);
    EXPECT_LE(distance(fit.loglik[1], original.loglik[1], 0), kTolerance);
  }
}

}  // namespace
}  // namespace lmsurv
