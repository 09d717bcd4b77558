// The same bits with any number of threads, on data of several chunks (risk_sums.cpp) and above
// the size from which a fit uses threads (cox_fit.cpp).
#include <gtest/gtest.h>

#include "baseline_hazard.hpp"
#include "concordance.hpp"
#include "cox_fit.hpp"
#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::Shape;

struct Setting {
  bool entry, strata, ties, firth;
};

class Threads : public ::testing::TestWithParam<Setting> {
 protected:
  static Data sample() {
    const Setting& setting = GetParam();
    Shape shape{30000, 3, false, setting.strata, oracle::Weights::cases, true, setting.entry};
    oracle::Random random(41);
    Data data = fast_data(shape, random);
    if (setting.ties) {
      for (double& t : data.time) t = std::ceil(t);
      for (double& t : data.entry) t = std::floor(t);
    }
    return data;
  }

 private:
  static Data fast_data(const Shape& shape, oracle::Random& random) {
    Data data;
    data.x.resize(shape.columns);
    for (std::size_t i = 0; i < shape.rows; ++i) {
      data.time.push_back(random.uniform(1, 100));
      data.status.push_back(random.chance(0.5));
      data.weight.push_back(random.uniform(0.5, 2));
      data.offset.push_back(random.uniform(-1, 1));
      if (shape.strata) data.stratum.push_back(random.integer(1, 5));
      if (shape.entry) data.entry.push_back(data.time.back() * random.uniform(0, 0.95));
      for (auto& column : data.x) column.push_back(random.uniform(-2, 2));
    }
    return data;
  }
};
INSTANTIATE_TEST_SUITE_P(
    Settings, Threads,
    ::testing::Values(Setting{false, false, false, false}, Setting{false, true, true, false},
                      Setting{true, false, true, false}, Setting{true, true, false, false},
                      Setting{false, true, true, true}, Setting{true, true, true, true}));

void expect_same_bits(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    for (Eigen::Index i = 0; i < a.rows(); ++i) ASSERT_EQ(a(i, j), b(i, j)) << i << ", " << j;
  }
}

TEST_P(Threads, Fit) {
  const Data data = sample();
  CoxOptions options;
  options.ties = GetParam().strata ? Ties::efron : Ties::breslow;
  options.firth = GetParam().firth;
  const CoxFit one = fit_cox(data.columns(), data.response(), options);
  ASSERT_TRUE(one.converged);
  for (const int threads : {2, 3}) {
    options.execution.threads = threads;
    const CoxFit several = fit_cox(data.columns(), data.response(), options);
    expect_same_bits(several.coefficients, one.coefficients);
    expect_same_bits(several.variance, one.variance);
    expect_same_bits(several.score, one.score);
    EXPECT_EQ(several.loglik[0], one.loglik[0]);
    EXPECT_EQ(several.loglik[1], one.loglik[1]);
    EXPECT_EQ(several.score_test, one.score_test);
    EXPECT_EQ(several.iterations, one.iterations);
    EXPECT_EQ(several.linear_predictors, one.linear_predictors);
    EXPECT_EQ(several.means, one.means);
  }
}

TEST_P(Threads, ResidualsHazardAndSandwich) {
  const Data data = sample();
  const auto columns = data.columns();
  FittedModel model{data.response(), data.offset.data(), Ties::efron, false, true, {}};
  const auto martingale = martingale_residuals(model);
  const RowMatrix score = score_residuals(columns, model);
  const auto schoenfeld = schoenfeld_residuals(columns, model);
  const ScoreMeat meat = score_meat(columns, model, nullptr, 0);
  const BaselineHazard hazard = baseline_hazard(columns, model, {0, 0, 0});
  for (const int threads : {2, 3}) {
    model.execution.threads = threads;
    EXPECT_EQ(martingale_residuals(model), martingale);
    expect_same_bits(score_residuals(columns, model), score);
    expect_same_bits(schoenfeld_residuals(columns, model).residuals, schoenfeld.residuals);
    expect_same_bits(score_meat(columns, model, nullptr, 0).meat, meat.meat);
    expect_same_bits(score_meat(columns, model, nullptr, 0).score, meat.score);
    const BaselineHazard again = baseline_hazard(columns, model, {0, 0, 0});
    EXPECT_EQ(again.cumulative, hazard.cumulative);
    EXPECT_EQ(again.variance, hazard.variance);
    expect_same_bits(again.drift, hazard.drift);
  }
}

TEST_P(Threads, Concordance) {
  const Data data = sample();
  const Concordance one = concordance(data.response(), data.x[0].data(), {});
  ConcordanceOptions options;
  options.execution.threads = 3;
  const Concordance three = concordance(data.response(), data.x[0].data(), options);
  EXPECT_EQ(one.concordant, three.concordant);
  EXPECT_EQ(one.standard_error, three.standard_error);
}

// Four threads and an interrupt hook that throws in the middle: no task is left behind.
TEST_P(Threads, AFitCanBeInterruptedAtAnyPoint) {
  struct Interrupted {};
  const Data data = sample();
  for (const int after : {1, 2, 5, 12}) {
    CoxOptions options;
    int calls = 0;
    options.execution = {4, [&] {
                           if (++calls == after) throw Interrupted();
                         }};
    EXPECT_THROW(fit_cox(data.columns(), data.response(), options), Interrupted) << after;
  }
}

}  // namespace
}  // namespace lmsurv
