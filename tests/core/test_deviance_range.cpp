// The deviance residual of a death that was hardly to be expected is large, not infinite.
#include <gtest/gtest.h>

#include <cmath>

#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-8;

TEST(DevianceRange, DeathsOfTheLeastRisk) {
  for (const double eta : {-5.0, -12.0, -25.0, -40.0, -300.0}) {
    const oracle::Data data{{1, 2}, {}, {}, {}, {1, 0}, {}, {}};
    const std::vector<double> predictors{eta, 0};
    const FittedModel model{data.response(), predictors.data(), Ties::efron, false, true, {}};
    // The death's expected number is e^eta / (e^eta + 1).
    const long double expected = 1 / (1 + std::exp((long double)-eta));
    const long double deviance = std::sqrt(-2 * (1 - expected + std::log(expected)));
    EXPECT_LE(oracle::distance(deviance_residuals(model)[0], deviance, 0), kTolerance) << eta;
  }
}

}  // namespace
}  // namespace lmsurv
