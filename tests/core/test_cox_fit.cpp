#include "cox_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-9;
constexpr double kTight = 1e-11;

// The oracle's Newton step from the estimate is nothing, in standard errors; its inverse
// information is the variance.
void expect_maximum(const Data& data, const CoxFit& fit, const CoxOptions& options) {
  const std::size_t p = data.x.size();
  const std::vector<double> beta(fit.coefficients.data(), fit.coefficients.data() + p);
  const oracle::Vector eta = oracle::linear_predictors(data, beta);
  const oracle::Model model(data, eta, options.ties, options.frequency);
  const oracle::Evaluation at = model.evaluate();
  const oracle::Matrix variance = oracle::inverse(at.information);
  oracle::Real shift = 0;
  for (std::size_t j = 0; j < p; ++j) shift += oracle::Real(fit.means[j]) * beta[j];
  EXPECT_LE(distance(fit.loglik[1], at.value, 1), kTight);
  for (std::size_t a = 0; a < p; ++a) {
    const oracle::Real error = std::sqrt(variance[a][a]);
    oracle::Real step = 0;
    for (std::size_t b = 0; b < p; ++b) {
      step += variance[a][b] * at.score[b];
      const oracle::Real unit = error * std::sqrt(variance[b][b]);
      EXPECT_LE(distance(fit.variance(Index(a), Index(b)), variance[a][b], unit), kTolerance);
    }
    EXPECT_LE(std::fabs(step / error), kTolerance);
    EXPECT_LE(std::fabs(fit.score[Index(a)] * error), kTolerance);
  }
  for (std::size_t i = 0; i < data.rows(); ++i) {
    ASSERT_LE(distance(fit.linear_predictors[i], eta[i] - shift, 1), kTight) << "row " << i;
  }
}

TEST(CoxFit, TheEstimateMaximisesTheLikelihoodByDefinition) {
  std::uint64_t seed = 3000;
  for (int bits = 0; bits < 16; ++bits) {
    Shape shape{120, 2, (bits & 1) != 0, (bits & 2) != 0};
    shape.offset = (bits & 4) != 0;
    shape.entry = (bits & 8) != 0;
    for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
      shape.weights = weights;
      const Data data = oracle::random_data(shape, ++seed);
      for (const Ties ties : {Ties::efron, Ties::breslow}) {
        CoxOptions options;
        options.ties = ties;
        options.frequency = weights == Weights::counts;
        SCOPED_TRACE(::testing::Message() << "seed " << seed << " method " << int(ties));
        const CoxFit result = fit(data, options);
        EXPECT_TRUE(result.converged);
        EXPECT_EQ(result.diverging, std::vector<int>(2, 0));
        EXPECT_GE(result.loglik[1], result.loglik[0]);
        expect_maximum(data, result, options);
      }
    }
  }
}

TEST(CoxFit, TheExactEstimateMaximisesTheLikelihoodByDefinition) {
  CoxOptions options;
  options.ties = Ties::exact;
  for (const bool entry : {false, true}) {
    Shape shape{30, 2};
    shape.entry = entry;
    const Data data = oracle::random_data(shape, 3100);
    const CoxFit result = fit(data, options);
    EXPECT_TRUE(result.converged);
    expect_maximum(data, result, options);
  }
}

TEST(CoxFit, NoColumns) {
  const Data data = oracle::random_data({50, 0}, 3200);
  const CoxFit result = fit(data);
  const oracle::Model model(data, oracle::Vector(50), Ties::efron, false);
  EXPECT_TRUE(result.converged);
  EXPECT_LE(distance(result.loglik[0], model.evaluate().value, 1), kTight);
  EXPECT_EQ(result.loglik[0], result.loglik[1]);
}

TEST(CoxFit, OneRow) {
  const Data data{{2}, {}, {}, {}, {1}, {}, {{3}}};
  const CoxFit result = fit(data);
  EXPECT_EQ(result.loglik[1], 0);
  EXPECT_TRUE(result.aliased[0]);
  EXPECT_TRUE(std::isnan(result.coefficients[0]));
}

TEST(CoxFit, InitIsWhereItStarts) {
  const Data data = oracle::random_data({100, 2}, 3300);
  CoxOptions options;
  options.init = {0.4, -0.7};
  const CoxFit result = fit(data, options);
  const oracle::Model model(data, oracle::linear_predictors(data, options.init), Ties::efron,
                            false);
  const oracle::Evaluation start = model.evaluate();
  EXPECT_LE(distance(result.loglik[0], start.value, 1), kTight);
  oracle::Real test = 0;
  const oracle::Matrix inverse = oracle::inverse(start.information);
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t b = 0; b < 2; ++b) test += start.score[a] * inverse[a][b] * start.score[b];
  }
  EXPECT_LE(distance(result.score_test, test, 0), kTolerance);
  const CoxFit from_zero = fit(data);
  for (Index j = 0; j < 2; ++j) {
    EXPECT_LE(distance(result.coefficients[j], from_zero.coefficients[j], 0.1), kTolerance);
  }
}

TEST(CoxFit, NoIterationsLeaveTheStart) {
  const Data data = oracle::random_data({100, 2}, 3400);
  CoxOptions options;
  options.init = {0.4, -0.7};
  options.iter_max = 0;
  const CoxFit result = fit(data, options);
  EXPECT_EQ(result.iterations, 0);
  EXPECT_LE(distance(result.coefficients[0], 0.4, 0), kTight);
  EXPECT_LE(distance(result.coefficients[1], -0.7, 0), kTight);
  EXPECT_EQ(result.loglik[0], result.loglik[1]);
  const oracle::Model model(data, oracle::linear_predictors(data, options.init), Ties::efron,
                            false);
  const oracle::Evaluation at = model.evaluate();
  for (Index j = 0; j < 2; ++j) {
    EXPECT_LE(distance(result.score[j], at.score[std::size_t(j)], 1), kTight);
    EXPECT_LE(distance(result.variance(j, j), oracle::inverse(at.information)[j][j], 0),
              kTolerance);
  }
}

TEST(CoxFit, FewIterationsAreNotConvergence) {
  CoxOptions options;
  options.iter_max = 1;
  const CoxFit result = fit(oracle::random_data({100, 2}, 3500), options);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.iterations, 1);
}

TEST(CoxFit, MeansAreWeightedUnlessRowsEnterLateAndZeroForSigns) {
  Data data{{5, 4, 3, 2, 1}, {}, {1, 2, 3, 4, 0}, {}, {1, 1, 0, 1, 1}, {}, {}};
  data.x = {{1, 2, 4, 8, 16}, {0, 1, 0, 1, 1}, {-1, 0, 1, 1, 0}};
  CoxOptions options;
  options.iter_max = 0;
  EXPECT_LE(distance(fit(data, options).means[0], 4.9, 0), kTight);
  EXPECT_EQ(fit(data, options).means[1], 0);
  EXPECT_EQ(fit(data, options).means[2], 0);
  data.entry.assign(5, 0);
  EXPECT_LE(distance(fit(data, options).means[0], 31 / 5.0, 0), kTight);
  options.frequency = true;
  EXPECT_LE(distance(fit(data, options).means[0], 4.9, 0), kTight);
}

TEST(CoxFit, ColumnsOfIntegersAndLevels) {
  Data data = oracle::random_data({80, 3}, 3600);
  std::vector<int> code(80);
  for (std::size_t i = 0; i < 80; ++i) {
    code[i] = int(i % 4) + 1;
    data.x[0][i] = code[i];
    data.x[1][i] = code[i] == 2;
  }
  std::vector<Column> columns = data.columns();
  columns[0] = {nullptr, code.data(), 0};
  columns[1] = {nullptr, code.data(), 2};
  const CoxFit from_codes = fit_cox(columns, data.response(), {});
  const CoxFit from_numbers = fit(data);
  EXPECT_EQ(from_codes.coefficients, from_numbers.coefficients);
  EXPECT_EQ(from_codes.means, from_numbers.means);
  EXPECT_EQ(from_codes.variance, from_numbers.variance);
}

void expect_invalid(const Data& data, const CoxOptions& options, long row) {
  try {
    fit(data, options);
    FAIL() << "no exception";
  } catch (const InvalidInput& e) {
    EXPECT_EQ(e.row(), row) << e.what();
  }
}

TEST(CoxFit, InvalidInput) {
  CoxOptions options;
  expect_invalid(Data{{}, {}, {}, {}, {}, {}, {{}}}, options, -1);
  Data data{{1, 2, 3}, {}, {}, {}, {0, 0, 0}, {}, {{1, 2, 5}}};
  expect_invalid(data, options, -1);
  data.status = {0, 1, 0};
  data.weight = {1, 0, 1};  // the only death weighs nothing
  expect_invalid(data, options, -1);
  data.weight = {1, 1, 2.5};
  options.ties = Ties::exact;
  options.frequency = true;
  expect_invalid(data, options, 2);
  options.frequency = false;
  data.weight = {1, 2, 1};
  expect_invalid(data, options, 1);
  data.weight.clear();
  data.entry = {0, 0, 3 - 1e-9};
  expect_invalid(data, {}, 2);
}

TEST(CoxFit, TheInterruptHookStopsTheFit) {
  struct Interrupted {};
  CoxOptions options;
  int calls = 0;
  options.execution.interrupt = [&] {
    if (++calls == 5) throw Interrupted();
  };
  EXPECT_THROW(fit(oracle::random_data({100, 2}, 3700), options), Interrupted);
}

}  // namespace
}  // namespace lmsurv
