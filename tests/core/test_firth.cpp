// Firth's penalised partial likelihood: by definition, by a search of its own, and its laws.
#include "firth.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cox_fit.hpp"
#include "firth_oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::Definition;
using oracle::distance;
using oracle::Real;
using oracle::Shape;
using oracle::Vector;
using oracle::Weights;

struct Case {
  Shape shape;
  Ties ties;
  bool frequency;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const std::size_t rows : {12, 40}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 3, (bits & 1) != 0, (bits & 2) != 0};
      shape.offset = (bits & 4) != 0;
      shape.entry = (bits & 8) != 0;
      for (const Ties ties : {Ties::efron, Ties::breslow}) {
        for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
          shape.weights = weights;
          out.push_back({shape, ties, false});
          if (weights == Weights::counts) out.push_back({shape, ties, true});
        }
      }
    }
  }
  return out;
}

// Value and score of the standardised columns at some coefficients.
class Penalised {
 public:
  Penalised(const Data& data, const Case& c)
      : order_(build_risk_order(data.response(), true)),
        terms_(data.response(), order_, c.frequency),
        design_(data.columns(), order_, data.response().weight, execution_),
        likelihood_(order_, design_, terms_, c.ties, execution_) {
    options_.curvature = likelihood_.death_weight();
  }
  Evaluation at(const std::vector<double>& beta) {
    Eigen::VectorXd standard(Index(beta.size()));
    for (std::size_t j = 0; j < beta.size(); ++j) {
      standard[Index(j)] = beta[j] * design_.scale()[j];
    }
    Evaluation out;
    likelihood_.evaluate(standard, out);
    FirthPenalty(likelihood_, options_, execution_).add_to(standard, out);
    for (std::size_t j = 0; j < beta.size(); ++j) {
      out.value += std::log(design_.scale()[j]);
      out.score[Index(j)] *= design_.scale()[j];
    }
    return out;
  }

 private:
  Execution execution_;
  RiskOrder order_;
  RowTerms terms_;
  StandardDesign design_;
  CoxLikelihood likelihood_;
  NewtonOptions options_;
};

TEST(Firth, ValueAndScoreByDefinition) {
  int done = 0;
  std::uint64_t seed = 100;
  for (const Case& c : cases()) {
    const Data data = oracle::random_data(c.shape, ++seed);
    oracle::Random random(seed);
    for (const double reach : {0.0, 1.0}) {
      std::vector<double> beta;
      for (int j = 0; j < 3; ++j) beta.push_back(random.uniform(-reach, reach));
      const Vector at(beta.begin(), beta.end());
      const Definition definition(data, c.ties, c.frequency);
      const Real value = definition.value(at);
      if (!std::isfinite(value)) continue;  // fewer events than columns
      const Evaluation actual = Penalised(data, c).at(beta);
      EXPECT_LE(distance(actual.value, value, 1), 1e-11) << "seed " << seed;
      for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_LE(distance(actual.score[Index(j)], definition.slope(at, j), 1), 1e-9)
            << "seed " << seed << ", column " << j << ", method " << int(c.ties);
      }
      ++done;
    }
  }
  EXPECT_GE(done, 400);
}

// A risk set in which nearly everybody dies at once leaves Efron's last steps little to divide by.
TEST(Firth, ManyTiedDeathsAtTheEnd) {
  Data data = oracle::random_data({150, 2}, 3);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.time[i] = i < 20 ? 1 : 2;
    data.status[i] = 1;
  }
  const Case c{{}, Ties::efron, false};
  const Evaluation actual = Penalised(data, c).at({0.5, -1});
  const Definition definition(data, c.ties, c.frequency);
  EXPECT_LE(distance(actual.value, definition.value({0.5L, -1}), 1), 1e-12);
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_LE(distance(actual.score[Index(j)], definition.slope({0.5L, -1}, j), 1), 1e-10);
  }
}

TEST(Firth, CubicTermsByDefinition) {
  for (const int deaths : {1, 2, 7, 1000}) {
    for (const double share : {1e-9, 0.3, 1 - 1e-9, 1.0}) {
      const CubicTerms actual = cubic_terms(share, deaths, 2.5);
      for (int a = 0; a < 4; ++a) {
        Real expected = 0;
        for (int j = 0; j < deaths; ++j) {
          const Real f = Real(j) / deaths;
          expected += Real(2.5) / deaths * std::pow(1 - f, a) / std::pow(1 - f * share, 3);
        }
        EXPECT_LE(distance(actual.power[a], expected, 0), 1e-13) << deaths << ", " << share;
      }
    }
  }
  EXPECT_EQ(cubic_terms(0, 0, 0).power[0], 0);
}

CoxOptions firth_options(Ties ties, bool frequency = false) {
  CoxOptions options;
  options.ties = ties;
  options.frequency = frequency;
  options.firth = true;
  return options;
}

// One death among nobody or first of all: the likelihood itself has no maximum.
Data separated(std::uint64_t seed) {
  oracle::Random random(seed);
  Shape shape{std::size_t(random.integer(12, 40)), 2, random.chance(0.5), random.chance(0.3)};
  shape.weights = random.chance(0.3) ? Weights::cases : Weights::none;
  shape.offset = random.chance(0.3);
  shape.entry = random.chance(0.3);
  Data data = oracle::random_data(shape, seed);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[1][i] = i % 4 == 0;
    if (i % 4 == 0) data.status[i] = 0;
  }
  return data;
}

void expect_maximum(const Data& data, const CoxFit& fit, const Definition& definition,
                    const Vector& maximum, std::uint64_t seed) {
  EXPECT_TRUE(fit.converged) << "seed " << seed;
  EXPECT_EQ(fit.diverging, std::vector<int>(data.x.size(), 0));
  for (Index j = 0; j < fit.score.size(); ++j) {
    EXPECT_LE(std::fabs(fit.score[j]) * std::sqrt(fit.variance(j, j)), 1e-9) << "seed " << seed;
  }
  for (std::size_t j = 0; j < maximum.size(); ++j) {
    EXPECT_LE(distance(fit.coefficients[Index(j)], maximum[j], 1), 1e-8) << "seed " << seed;
  }
  EXPECT_LE(distance(fit.loglik[1], definition.value(maximum), 1), 1e-11) << "seed " << seed;
}

TEST(Firth, SeparatedDataHaveAFiniteMaximum) {
  int done = 0;
  for (std::uint64_t seed = 1; done < 200; ++seed) {
    ASSERT_LE(seed, 400u);
    const Data data = separated(seed);
    const Ties ties = seed % 2 ? Ties::efron : Ties::breslow;
    const Definition definition(data, ties, false);
    if (!std::isfinite(definition.value({0, 0}))) continue;
    const CoxFit fit = fit_cox(data.columns(), data.response(), firth_options(ties));
    ASSERT_TRUE(fit.coefficients.allFinite()) << "seed " << seed;
    expect_maximum(data, fit, definition, definition.maximum({0, 0}, {false, false}), seed);
    ++done;
  }
}

// The penalty stays that of both columns.
TEST(Firth, AHeldCoefficientStays) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Data data = separated(seed);
    const Definition definition(data, Ties::efron, false);
    if (!std::isfinite(definition.value({0, 0}))) continue;
    CoxOptions options = firth_options(Ties::efron);
    options.init = {0, -1.5};
    options.held = {false, true};
    const CoxFit fit = fit_cox(data.columns(), data.response(), options);
    EXPECT_NEAR(fit.coefficients[1], -1.5, 1e-15);
    EXPECT_EQ(fit.variance(1, 1), 0);
    EXPECT_FALSE(fit.aliased[1]);
    expect_maximum(data, fit, definition, definition.maximum({0, -1.5L}, options.held), seed);
  }
}

TEST(Firth, HeldCoefficientsOfAnOrdinaryFitAreAnOffset) {
  Data data = oracle::random_data({60, 2}, 8);
  CoxOptions options;
  options.init = {5, 0.75};
  options.held = {false, true};
  const CoxFit held = fit_cox(data.columns(), data.response(), options);
  for (std::size_t i = 0; i < data.rows(); ++i) data.offset.push_back(0.75 * data.x[1][i]);
  data.x.pop_back();
  const CoxFit fit = fit_cox(data.columns(), data.response(), {});
  ASSERT_TRUE(held.converged);
  EXPECT_EQ(held.coefficients[1], 0.75);
  EXPECT_LE(distance(held.coefficients[0], fit.coefficients[0], 1), 1e-10);
  EXPECT_LE(distance(held.variance(0, 0), fit.variance(0, 0), 0), 1e-10);
  EXPECT_LE(distance(held.loglik[1], fit.loglik[1], 1), 1e-13);
}

TEST(Firth, AllCoefficientsHeldIsTheValueThere) {
  const Data data = oracle::random_data({40, 2}, 9);
  CoxOptions options = firth_options(Ties::efron);
  options.init = {0.5, -0.25};
  options.held = {true, true};
  const CoxFit fit = fit_cox(data.columns(), data.response(), options);
  EXPECT_TRUE(fit.converged);
  const Real value = Definition(data, Ties::efron, false).value({0.5L, -0.25L});
  EXPECT_LE(distance(fit.loglik[0], value, 1), 1e-13);
  EXPECT_LE(distance(fit.loglik[1], value, 1), 1e-13);
}

TEST(Firth, TheStartDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Data data = separated(seed);
    CoxOptions options = firth_options(Ties::efron);
    options.iter_max = 200;
    const CoxFit zero = fit_cox(data.columns(), data.response(), options);
    if (zero.aliased[0] || zero.aliased[1]) continue;
    oracle::Random random(seed);
    options.init = {random.uniform(-5, 5), random.uniform(-15, 15)};
    const CoxFit far = fit_cox(data.columns(), data.response(), options);
    ASSERT_TRUE(zero.converged && far.converged) << "seed " << seed;
    for (Index j = 0; j < 2; ++j) {
      EXPECT_LE(distance(far.coefficients[j], zero.coefficients[j], 1), 1e-8) << "seed " << seed;
    }
  }
}

// So far out that a column has no information left, the penalised likelihood must not forget it.
TEST(Firth, ThePenaltyIsThatOfAllColumnsEverywhere) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Data data = separated(seed);
    CoxOptions options = firth_options(Ties::efron);
    const CoxFit maximum = fit_cox(data.columns(), data.response(), options);
    if (maximum.aliased[0] || maximum.aliased[1]) continue;
    for (const double far : {-30.0, -60.0, -300.0}) {
      options.init = {0, far};
      options.held = {false, true};
      const CoxFit held = fit_cox(data.columns(), data.response(), options);
      EXPECT_LT(held.loglik[1], maximum.loglik[1] - 5) << "seed " << seed << " at " << far;
    }
  }
}

TEST(Firth, CollinearColumnsAreLeftOutOfThePenalty) {
  const Data data = oracle::random_data({50, 2}, 12);
  Data more = data;
  more.x.push_back(std::vector<double>(50, 4));
  more.x.push_back(data.x[0]);
  for (std::size_t i = 0; i < 50; ++i) more.x[3][i] -= 2 * data.x[1][i];
  const CoxFit fit = fit_cox(data.columns(), data.response(), firth_options(Ties::efron));
  const CoxFit same = fit_cox(more.columns(), more.response(), firth_options(Ties::efron));
  ASSERT_TRUE(same.converged);
  EXPECT_EQ(same.aliased, (std::vector<bool>{false, false, true, true}));
  for (Index j = 0; j < 2; ++j) {
    EXPECT_LE(distance(same.coefficients[j], fit.coefficients[j], 1), 1e-9);
    EXPECT_LE(distance(same.variance(j, j), fit.variance(j, j), 0), 1e-9);
  }
  EXPECT_LE(distance(same.loglik[1], fit.loglik[1], 1), 1e-12);
}

// The rounding of the log determinant of nearly collinear columns is no reason to go on, or to stop
// before the maximum, which that of x0 and the scaled difference tells.
TEST(Firth, NearlyCollinearColumnsConverge) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const double apart = std::pow(10.0, -1.0 - double(seed % 5));
    Data data = oracle::random_data({60, 3}, seed), plain = data;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      plain.x[1][i] = (data.x[0][i] + apart * data.x[1][i] - data.x[0][i]) / apart;
      data.x[1][i] = data.x[0][i] + apart * data.x[1][i];
    }
    CoxOptions options = firth_options(Ties::efron);
    const CoxFit near = fit_cox(data.columns(), data.response(), options);
    const CoxFit fit = fit_cox(plain.columns(), plain.response(), options);
    EXPECT_TRUE(near.converged) << "seed " << seed;
    EXPECT_TRUE(fit.converged) << "seed " << seed;
    const double error = std::sqrt(fit.variance(1, 1));
    const double rounding = 1e-9 + 1e-14 / (apart * apart);
    EXPECT_LE(distance(near.coefficients[1] * apart, fit.coefficients[1], error), rounding) << seed;
    EXPECT_LE(distance(near.coefficients[2], fit.coefficients[2], error), rounding) << seed;
  }
}

TEST(Firth, WithoutColumnsThereIsNoPenalty) {
  Data data = oracle::random_data({30, 1}, 13);
  data.x.clear();
  const CoxFit fit = fit_cox({}, data.response(), firth_options(Ties::efron));
  EXPECT_EQ(fit.loglik[1], fit_cox({}, data.response(), {}).loglik[1]);
}

TEST(Firth, ExactTiesAreRefused) {
  const Data data = oracle::random_data({30, 1}, 14);
  EXPECT_THROW(fit_cox(data.columns(), data.response(), firth_options(Ties::exact)), InvalidInput);
}

// Superlinear convergence: a plain iteration with the information alone takes several times more.
TEST(Firth, TakesFewIterations) {
  const Data data = separated(3);
  const CoxFit fit = fit_cox(data.columns(), data.response(), firth_options(Ties::efron));
  EXPECT_TRUE(fit.converged);
  EXPECT_LE(fit.iterations, 15);
}

}  // namespace
}  // namespace lmsurv
