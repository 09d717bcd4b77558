#include "conditional_odds.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lmsurv {
namespace {

constexpr double kTail = 0.025;

double logit(double p) { return std::log(p / (1 - p)); }

// With two places, P(second) = w e^t / (1 + w e^t).
TEST(ConditionalOdds, OfTwoPlacesAreLogits) {
  for (const double w : {1e-8, 0.3, 1.0, 7.0, 1e12}) {
    const std::vector<double> log_density{0, std::log(w)};
    const ConditionalOdds first = conditional_odds(log_density, 0, kTail, 0);
    EXPECT_EQ(first.estimate, -INFINITY);
    EXPECT_EQ(first.low, -INFINITY);
    EXPECT_NEAR(first.high, logit(1 - kTail) - std::log(w), 1e-13 * 30);
    const ConditionalOdds second = conditional_odds(log_density, 1, kTail, 0);
    EXPECT_EQ(second.estimate, INFINITY);
    EXPECT_EQ(second.high, INFINITY);
    EXPECT_NEAR(second.low, logit(kTail) - std::log(w), 1e-13 * 30);
  }
}

// With three places of weights 1, b, c and r = e^t: the mean is the middle place where c r^2 = 1,
// and P(middle or last) = tail where (1 - tail) (b r + c r^2) = tail.
TEST(ConditionalOdds, OfThreePlacesSolveQuadratics) {
  const double b = 5, c = 0.2;
  const auto root = [&](double linear, double square, double right) {
    return std::log(2 * right / (linear + std::sqrt(linear * linear + 4 * square * right)));
  };
  for (const double start : {-300.0, -3.0, 0.0, 3.0, 300.0}) {
    const ConditionalOdds odds = conditional_odds({0, std::log(b), std::log(c)}, 1, kTail, start);
    EXPECT_NEAR(odds.estimate, -std::log(c) / 2, 1e-13);
    EXPECT_NEAR(odds.low, root(b, c, kTail / (1 - kTail)), 1e-13);
    // Mirrored: the weights are c, b, 1, and the limit is for 1 / r.
    EXPECT_NEAR(odds.high, -root(b, 1, c * kTail / (1 - kTail)), 1e-13);
  }
}

// Binomial weights: the tilted distribution is binomial with logit(p) = t, whose limits are those
// of Clopper and Pearson, here where their tail is p^n.
TEST(ConditionalOdds, OfBinomialWeightsAreItsLogits) {
  const int n = 60;
  std::vector<double> log_density;
  for (int a = 0; a <= n; ++a) {
    log_density.push_back(std::lgamma(n + 1.0) - std::lgamma(a + 1.0) - std::lgamma(n - a + 1.0));
  }
  for (const int a : {1, 17, 59}) {
    const ConditionalOdds odds =
        conditional_odds(log_density, static_cast<std::size_t>(a), kTail, 0);
    EXPECT_NEAR(odds.estimate, logit(a / 60.0), 1e-12);
  }
  const ConditionalOdds all = conditional_odds(log_density, n, kTail, 0);
  EXPECT_NEAR(all.low, logit(std::pow(kTail, 1.0 / n)), 1e-12);
}

}  // namespace
}  // namespace lmsurv
