// Two data sets with one covariate of values 0 and 1 (Therneau & Grambsch 2000, appendix E), where
// the likelihood is a rational function of r = exp(b) that can be written down.
#include <gtest/gtest.h>

#include <cmath>

#include "baseline_hazard.hpp"
#include "concordance.hpp"
#include "cox_fit.hpp"
#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-12;

const oracle::Data kRightCensored{{1, 1, 6, 6, 8, 9},  {}, {}, {}, {1, 0, 1, 1, 0, 1}, {},
                                  {{1, 1, 1, 0, 0, 0}}};
const oracle::Data kCounting{{2, 3, 6, 7, 8, 9, 9, 9, 14, 17},
                             {1, 2, 5, 2, 1, 7, 3, 4, 8, 8},
                             {},
                             {},
                             {1, 1, 1, 1, 1, 1, 1, 0, 0, 0},
                             {},
                             {{1, 0, 0, 1, 0, 1, 1, 1, 0, 0}}};

CoxFit fit(const oracle::Data& data, Ties ties, double init, int iter_max) {
  CoxOptions options;
  options.ties = ties;
  options.init = {init};
  options.iter_max = iter_max;
  return fit_cox(data.columns(), data.response(), options);
}

struct Formula {
  double loglik, score, information;
};

template <class Function>
void expect_formula(const oracle::Data& data, Ties ties, Function formula) {
  for (const double b : {0.0, 0.7, -1.3, 3.0}) {
    const Formula expected = formula(std::exp(b));
    const CoxFit at = fit(data, ties, b, 0);
    EXPECT_NEAR(at.loglik[1], expected.loglik, kTolerance * std::fabs(expected.loglik)) << b;
    EXPECT_NEAR(at.score[0], expected.score, kTolerance * 4) << b;
    EXPECT_NEAR(at.variance(0, 0), 1 / expected.information, kTolerance / expected.information);
  }
}

double square(double a) { return a * a; }

// Time 1: one death, x = 1, of {1 1 1 0 0 0}: S0 = 3r + 3. Time 6: two deaths, x = 1 and 0, of
// {1 0 0 0}: S0 = r + 3, D0 = r + 1. Time 9: the last one dies, S0 = 1.
TEST(HandAlgebra, Breslow) {
  expect_formula(kRightCensored, Ties::breslow, [](double r) {
    return Formula{2 * std::log(r) - std::log(3 * r + 3) - 2 * std::log(r + 3),
                   2 - r / (r + 1) - 2 * r / (r + 3), r / square(r + 1) + 6 * r / square(r + 3)};
  });
  // Score zero: r^2 - 3r - 6 = 0.
  const CoxFit best = fit(kRightCensored, Ties::breslow, 0, 50);
  EXPECT_TRUE(best.converged);
  EXPECT_NEAR(best.coefficients[0], std::log((3 + std::sqrt(33)) / 2), kTolerance);
}

// The second of the two deaths at time 6 has denominator S0 - D0 / 2 = (r + 5) / 2.
TEST(HandAlgebra, Efron) {
  expect_formula(kRightCensored, Ties::efron, [](double r) {
    return Formula{2 * std::log(r) - std::log(3 * r + 3) - std::log(r + 3) - std::log((r + 5) / 2),
                   2 - r / (r + 1) - r / (r + 3) - r / (r + 5),
                   r / square(r + 1) + 3 * r / square(r + 3) + 5 * r / square(r + 5)};
  });
  // Score zero: r^3 - 23 r - 30 = 0, by Viete.
  const double a = 2 * std::sqrt(23 / 3.0);
  const double root = a * std::cos(std::acos(90 / (23 * a)) / 3);
  EXPECT_NEAR(root * root * root - 23 * root - 30, 0, 1e-11);
  const CoxFit best = fit(kRightCensored, Ties::efron, 0, 50);
  EXPECT_TRUE(best.converged);
  EXPECT_NEAR(best.coefficients[0], std::log(root), kTolerance);
}

// Pairs out of {r 1 1 1}: e_2 = 3r + 3, and the pair that died has product r. The likelihood
// r^2 / (3r + 3)^2 rises for ever.
TEST(HandAlgebra, Exact) {
  expect_formula(kRightCensored, Ties::exact, [](double r) {
    return Formula{2 * std::log(r) - 2 * std::log(3 * r + 3), 2 - 2 * r / (r + 1),
                   2 * r / square(r + 1)};
  });
  const CoxFit best = fit(kRightCensored, Ties::exact, 0, 50);
  EXPECT_FALSE(best.converged);
  EXPECT_EQ(best.diverging, std::vector<int>{1});
}

// S0 at 2, 3, 6, 7, 8, 9: r + 1, r + 2, 3r + 2, 3r + 1, 3r + 1, 3r + 2; those who die with x = 1
// are one at 2, one at 7 and both at 9.
TEST(HandAlgebra, CountingProcessBreslow) {
  expect_formula(kCounting, Ties::breslow, [](double r) {
    return Formula{4 * std::log(r) - std::log(r + 1) - std::log(r + 2) - 3 * std::log(3 * r + 2) -
                       2 * std::log(3 * r + 1),
                   4 - r / (r + 1) - r / (r + 2) - 9 * r / (3 * r + 2) - 6 * r / (3 * r + 1),
                   r / square(r + 1) + 2 * r / square(r + 2) + 18 * r / square(3 * r + 2) +
                       6 * r / square(3 * r + 1)};
  });
}

// The second death at 9 has denominator 3r + 2 - r = 2 (r + 1), and the mean r / (r + 1).
TEST(HandAlgebra, CountingProcessEfron) {
  expect_formula(kCounting, Ties::efron, [](double r) {
    return Formula{4 * std::log(r) - std::log(r + 1) - std::log(r + 2) - 2 * std::log(3 * r + 2) -
                       2 * std::log(3 * r + 1) - std::log(2 * r + 2),
                   4 - 2 * r / (r + 1) - r / (r + 2) - 6 * r / (3 * r + 2) - 6 * r / (3 * r + 1),
                   2 * r / square(r + 1) + 2 * r / square(r + 2) + 12 * r / square(3 * r + 2) +
                       6 * r / square(3 * r + 1)};
  });
}

// Deaths at 1 (x = 1, weight 2) and 2 (x = 0), a censored row x = 1 of weight 3:
// 2b - 2 log(5r + 1) - log(3r + 1).
TEST(HandAlgebra, CaseWeights) {
  const oracle::Data data{{1, 2, 3}, {}, {2, 1, 3}, {}, {1, 1, 0}, {}, {{1, 0, 1}}};
  expect_formula(data, Ties::efron, [](double r) {
    return Formula{2 * std::log(r) - 2 * std::log(5 * r + 1) - std::log(3 * r + 1),
                   2 - 10 * r / (5 * r + 1) - 3 * r / (3 * r + 1),
                   10 * r / square(5 * r + 1) + 3 * r / square(3 * r + 1)};
  });
}

void expect_martingale(Ties ties, const std::vector<double>& expected) {
  const std::vector<double> eta(6, 0.0);
  FittedModel model{kRightCensored.response(), eta.data(), ties, false, true, {}};
  const std::vector<double> residuals = martingale_residuals(model);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(residuals[i], expected[i], kTolerance) << i;
}

// At b = 0 the hazard is 1/6 at time 1, 2/4 at 6 (Efron: 1/4 + 1/3, of which a death lives through
// 1/4 + 1/6) and 1 at 9.
TEST(HandAlgebra, MartingaleResiduals) {
  expect_martingale(Ties::breslow, {5 / 6.0, -1 / 6.0, 1 / 3.0, 1 / 3.0, -2 / 3.0, -2 / 3.0});
  expect_martingale(Ties::efron, {5 / 6.0, -1 / 6.0, 5 / 12.0, 5 / 12.0, -3 / 4.0, -3 / 4.0});
}

// Risk-set means at b = 0: 1/2 at time 1; at 6 1/4 (Efron: (1/4 + 1/6) / 2); 0 at 9.
TEST(HandAlgebra, SchoenfeldResiduals) {
  const std::vector<double> eta(6, 0.0);
  for (const Ties ties : {Ties::breslow, Ties::efron}) {
    FittedModel model{kRightCensored.response(), eta.data(), ties, false, true, {}};
    const SchoenfeldResiduals s = schoenfeld_residuals(kRightCensored.columns(), model);
    const double mean = ties == Ties::breslow ? 1 / 4.0 : 5 / 24.0;
    const double expected[] = {1 / 2.0, 1 - mean, -mean, 0};
    ASSERT_EQ(s.row, (std::vector<int>{0, 2, 3, 5}));
    for (int d = 0; d < 4; ++d) EXPECT_NEAR(s.residuals(d, 0), expected[d], kTolerance) << d;
  }
}

// At b = 0: hazards as above; the variance adds 1/36, then 2/16 (Efron: 1/16 + 1/9), then 1.
TEST(HandAlgebra, BaselineHazard) {
  const std::vector<double> eta(6, 0.0);
  for (const Ties ties : {Ties::breslow, Ties::efron}) {
    FittedModel model{kRightCensored.response(), eta.data(), ties, false, true, {}};
    const BaselineHazard h = baseline_hazard({}, model, {}, true);
    const bool efron = ties == Ties::efron;
    const double second = efron ? 7 / 12.0 : 1 / 2.0, variance = efron ? 25 / 144.0 : 1 / 8.0;
    EXPECT_EQ(h.time, (std::vector<double>{1, 6, 8, 9}));
    EXPECT_EQ(h.at_risk, (std::vector<double>{6, 4, 2, 1}));
    EXPECT_EQ(h.events, (std::vector<double>{1, 2, 0, 1}));
    EXPECT_EQ(h.censored, (std::vector<double>{1, 0, 1, 0}));
    EXPECT_NEAR(h.cumulative[2], 1 / 6.0 + second, kTolerance);
    EXPECT_NEAR(h.cumulative[3], 1 / 6.0 + second + 1, kTolerance);
    EXPECT_NEAR(h.variance[2], 1 / 36.0 + variance, kTolerance);
  }
}

// The death at 1 (x = 1) against x = 1 twice and x = 0 three times; of the deaths at 6, x = 1 is
// concordant with both later rows and x = 0 tied with both; they differ from each other at one
// time.
TEST(HandAlgebra, Concordance) {
  const Concordance c = concordance(kRightCensored.response(), kRightCensored.x[0].data(), {});
  EXPECT_EQ(c.concordant, 5);
  EXPECT_EQ(c.discordant, 0);
  EXPECT_EQ(c.tied_score, 4);
  EXPECT_EQ(c.tied_time, 1);
  EXPECT_EQ(c.tied_both, 0);
  EXPECT_NEAR(c.index, 7 / 9.0, kTolerance);
}

}  // namespace
}  // namespace lmsurv
