// Within a risk set a function of time is a constant: added to a column, whatever its size, it
// changes nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <utility>

#include "baseline_hazard.hpp"
#include "cox_residuals.hpp"
#include "cox_samples.hpp"
#include "zph.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-9;
constexpr int kPeriod = 4;

// Every row cut where a period ends, with columns of which the sum with a whole number below 1e9 is
// exact. x0 has effects, x1 is a whole number.
Data split_data(const Shape& shape, std::uint64_t seed) {
  const Data data = oracle::random_data(shape, seed);
  std::vector<std::size_t> rows;
  std::vector<std::pair<double, double>> pieces;
  std::vector<int> status;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    double begin = data.entry.empty() ? 0 : data.entry[i];
    while (begin < data.time[i]) {
      const double end = std::min(data.time[i], kPeriod * (std::floor(begin / kPeriod) + 1));
      rows.push_back(i);
      pieces.push_back({begin, end});
      status.push_back(end == data.time[i] ? data.status[i] : 0);
      begin = end;
    }
  }
  Data out = data.take(rows);
  out.entry.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.entry[i] = pieces[i].first;
    out.time[i] = pieces[i].second;
    out.status[i] = status[i];
    out.x[0][i] = std::round(64 * out.x[0][i]) / 64;
  }
  return out;
}

// By stratum and period, a whole number of up to `span`, either sign.
class TimeFunction {
 public:
  TimeFunction(double span, std::uint64_t seed) : span_(span), random_(seed) {}
  double at(const Data& data, std::size_t i) {
    const auto key = std::make_pair(data.stratum_of(i), std::floor(data.entry[i] / kPeriod));
    const auto found = values_.find(key);
    if (found != values_.end()) return found->second;
    return values_[key] = std::round(random_.uniform(-span_, span_));
  }

 private:
  double span_;
  oracle::Random random_;
  std::map<std::pair<int, double>, double> values_;
};

Data with_time_functions(const Data& data, double span, std::uint64_t seed) {
  Data out = data;
  for (std::size_t j = 0; j < data.x.size(); ++j) {
    TimeFunction g(span, seed + j);
    for (std::size_t i = 0; i < data.rows(); ++i) out.x[j][i] += g.at(data, i);
  }
  return out;
}

struct Setting {
  Ties ties;
  bool strata, firth;
  Weights weights;
};

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
    for (const bool strata : {false, true}) {
      out.push_back({ties, strata, false, Weights::none});
      if (ties == Ties::exact) continue;
      out.push_back({ties, strata, true, Weights::none});
      out.push_back({ties, strata, false, Weights::cases});
    }
  }
  return out;
}

class TimeFunctions : public ::testing::TestWithParam<Setting> {
 protected:
  Data sample(std::uint64_t seed) const {
    Shape shape{70, 2, true, GetParam().strata};
    shape.entry = true;
    shape.weights = GetParam().weights;
    return split_data(shape, seed);
  }
  CoxFit fit(const Data& data, std::vector<double> init = {}) const {
    CoxOptions options;
    options.ties = GetParam().ties;
    options.firth = GetParam().firth;
    options.init = std::move(init);
    return lmsurv::fit(data, options);
  }
};
INSTANTIATE_TEST_SUITE_P(Settings, TimeFunctions, ::testing::ValuesIn(settings()));

constexpr double kSpans[] = {1, 1e3, 1e5, 1e8};

void expect_same(const CoxFit& a, const CoxFit& b) {
  expect_same_fit(a, b, kTolerance);
  EXPECT_EQ(b.spread, a.spread);
}

TEST_P(TimeFunctions, AddedToTheColumnsAreNothingToTheFit) {
  const Data data = sample(1);
  const CoxFit plain = fit(data);
  const CoxFit from_init = fit(data, {0.7, -0.4});
  for (const double span : kSpans) {
    SCOPED_TRACE(span);
    const Data moved = with_time_functions(data, span, 2);
    expect_same(plain, fit(moved));
    expect_same(from_init, fit(moved, {0.7, -0.4}));
  }
}

TEST_P(TimeFunctions, AsAnOffsetAreNothingToTheFit) {
  const Data data = sample(3);
  const CoxFit plain = fit(data);
  for (const double span : {1., 1e3, 1e5}) {
    SCOPED_TRACE(span);
    Data moved = data;
    TimeFunction g(span, 4);
    for (std::size_t i = 0; i < data.rows(); ++i) moved.offset.push_back(g.at(data, i));
    const CoxFit offset = fit(moved);
    ASSERT_TRUE(offset.converged);
    EXPECT_LE(distance(offset.loglik[1], plain.loglik[1], 1), kTolerance);
    for (Index j = 0; j < 2; ++j) {
      const double error = std::sqrt(plain.variance(j, j));
      EXPECT_LE(distance(offset.coefficients[j], plain.coefficients[j], error), 1e-6);
    }
  }
}

// The linear predictor is a number of the size of the function, with its last digits.
TEST_P(TimeFunctions, AddedToTheColumnsAreNothingToResiduals) {
  if (GetParam().ties == Ties::exact) return;
  const Data data = sample(5);
  const CoxFit plain = fit(data);
  const auto model_of = [&](const Data& rows, const CoxFit& fitted) {
    return FittedModel{
        rows.response(), fitted.linear_predictors.data(), GetParam().ties, false, true, {}};
  };
  const FittedModel model = model_of(data, plain);
  const std::vector<double> g(data.time.begin(), data.time.end());
  for (const double span : kSpans) {
    SCOPED_TRACE(span);
    const double tolerance = kTolerance + 1e-14 * span;
    const Data moved = with_time_functions(data, span, 6);
    const CoxFit other_fit = fit(moved);
    const FittedModel other = model_of(moved, other_fit);
    const auto near = [&](const auto& a, const auto& b) {
      return (a - b).cwiseAbs().maxCoeff() <= tolerance * (1 + a.cwiseAbs().maxCoeff());
    };
    const auto as_vector = [](const std::vector<double>& v) {
      return Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(v.data(), Index(v.size())));
    };
    EXPECT_TRUE(
        near(as_vector(martingale_residuals(model)), as_vector(martingale_residuals(other))));
    EXPECT_TRUE(near(as_vector(deviance_residuals(model)), as_vector(deviance_residuals(other))));
    EXPECT_TRUE(
        near(score_residuals(data.columns(), model), score_residuals(moved.columns(), other)));
    EXPECT_TRUE(near(schoenfeld_residuals(data.columns(), model).residuals,
                     schoenfeld_residuals(moved.columns(), other).residuals));
    EXPECT_TRUE(near(dfbeta_residuals(data.columns(), model, plain.variance),
                     dfbeta_residuals(moved.columns(), other, plain.variance)));
    EXPECT_TRUE(near(score_meat(data.columns(), model, nullptr, 0).meat,
                     score_meat(moved.columns(), other, nullptr, 0).meat));
    const TimeScore a = time_score(data.columns(), model, g.data());
    const TimeScore b = time_score(moved.columns(), other, g.data());
    EXPECT_TRUE(near(a.score, b.score));
    EXPECT_TRUE(near(a.square, b.square));
    EXPECT_TRUE(near(a.cross, b.cross));
    EXPECT_TRUE(near(a.information, b.information));
  }
}

// Hazard and drift are those of somebody with other covariates at each time.
TEST_P(TimeFunctions, MoveTheBaselineHazard) {
  if (GetParam().ties == Ties::exact || GetParam().strata) return;
  const Data data = sample(7);
  Data moved = data;
  TimeFunction g(20, 8);
  std::map<double, double> added;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    moved.x[0][i] += g.at(data, i);
    added[data.time[i]] = g.at(data, i);
  }
  const CoxFit a = fit(data), b = fit(moved);
  const auto hazard_of = [&](const Data& rows, const CoxFit& f) {
    const FittedModel model{
        rows.response(), f.linear_predictors.data(), GetParam().ties, false, true, {}};
    return baseline_hazard(rows.columns(), model, f.means);
  };
  const BaselineHazard plain = hazard_of(data, a), other = hazard_of(moved, b);
  for (std::size_t t = 0; t < plain.time.size(); ++t) {
    const double at = b.means[0] - added[plain.time[t]] - a.means[0];
    EXPECT_LE(distance(other.hazard[t], plain.hazard[t] * std::exp(a.coefficients[0] * at), 0),
              1e-8);
    const Index row = Index(t);
    const double before = t > 0 ? plain.drift(row - 1, 0) : 0;
    const double other_before = t > 0 ? other.drift(row - 1, 0) : 0;
    const double change = std::exp(a.coefficients[0] * at);
    const double drift = change * (plain.drift(row, 0) - before - at * plain.hazard[t]);
    EXPECT_NEAR(other.drift(row, 0) - other_before, drift, 1e-8 * (1 + std::fabs(drift)));
  }
}

// A column that is a function of time alone has no information.
TEST(TimeFunction, AloneIsAliased) {
  Shape shape{70, 2, true, true};
  shape.entry = true;
  Data data = split_data(shape, 9);
  for (const double span : kSpans) {
    TimeFunction g(span, 10);
    for (std::size_t i = 0; i < data.rows(); ++i) data.x[1][i] = 0.1 * g.at(data, i);
    const CoxFit fit = fit_cox(data.columns(), data.response(), {});
    EXPECT_TRUE(fit.converged) << span;
    EXPECT_EQ(fit.aliased, (std::vector<bool>{false, true})) << span;
  }
}

// Where nobody with 1 dies the ratio is infinite, whatever is added.
TEST(TimeFunction, AddedToAnInfiniteEffectLeavesItSo) {
  Shape shape{120, 2, true};
  shape.entry = true;
  Data data = split_data(shape, 11);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[1][i] = data.x[0][i] > 1;
    if (data.x[1][i] == 1) data.status[i] = 0;
  }
  for (const double span : kSpans) {
    const Data moved = with_time_functions(data, span, 12);
    const CoxFit fit = fit_cox(moved.columns(), moved.response(), {});
    EXPECT_FALSE(fit.converged) << span;
    EXPECT_EQ(fit.diverging, (std::vector<int>{0, -1})) << span;
  }
}

// Right-censored rows of strata that differ by anything.
TEST(TimeFunction, OfStrataAloneIsNothing) {
  for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
    Data data = oracle::random_data({90, 2, true, true}, 13);
    for (double& x : data.x[0]) x = std::round(64 * x) / 64;
    CoxOptions options;
    options.ties = ties;
    const CoxFit plain = fit_cox(data.columns(), data.response(), options);
    for (std::size_t i = 0; i < data.rows(); ++i) data.x[0][i] += 1e8 * data.stratum[i];
    expect_same(plain, fit_cox(data.columns(), data.response(), options));
  }
}

// Visits of each person's own: nothing is constant within a risk set, eta of the whole span is far
// beyond what exp() can tell, and within a risk set it is not.
TEST(SlowlyMovingCovariate, HasTheLikelihoodOfTheDefinition) {
  oracle::Random random(14);
  Data data;
  data.x.resize(1);
  for (int person = 0; person < 60; ++person) {
    const double visit = random.uniform(1, 3);
    double begin = random.uniform(0, 60);
    const double value = random.uniform(-1, 1);
    for (int k = 0; k < 12; ++k, begin += visit) {
      data.entry.push_back(begin);
      data.time.push_back(begin + visit);
      data.status.push_back(random.chance(0.2));
      data.x[0].push_back(value + begin);
    }
  }
  for (const double beta : {0.0, 0.5, -3.0, 30.0, -100.0}) {
    CoxOptions options;
    options.init = {beta};
    options.iter_max = 0;
    const CoxFit at = fit_cox(data.columns(), data.response(), options);
    const oracle::Model model(data, oracle::linear_predictors(data, {beta}), Ties::efron, false);
    const oracle::Evaluation expected = model.evaluate();
    EXPECT_LE(distance(at.loglik[1], expected.value, 1), 1e-8) << beta;
    EXPECT_LE(distance(at.score[0], expected.score[0], 1), 1e-8) << beta;
    EXPECT_LE(distance(1 / at.variance(0, 0), expected.information[0][0], 0.01), 1e-6) << beta;
  }
  CoxOptions options;
  const CoxFit from_zero = fit_cox(data.columns(), data.response(), options);
  options.init = {30};
  const CoxFit from_far = fit_cox(data.columns(), data.response(), options);
  ASSERT_TRUE(from_zero.converged);
  ASSERT_TRUE(from_far.converged);
  EXPECT_NEAR(from_far.coefficients[0], from_zero.coefficients[0], 1e-8);
}

}  // namespace
}  // namespace lmsurv
