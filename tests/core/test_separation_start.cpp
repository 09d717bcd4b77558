#include <gtest/gtest.h>

#include <cmath>

#include "cox_fit.hpp"
#include "random_data.hpp"

namespace lmsurv {
namespace {

using oracle::Data;

// Whoever dies has the largest 9 x0 - 2 x1 of the risk set (strictly at 2).
TEST(SeparationStart, OfACombinationIsFlaggedFromAnyStart) {
  const Data forward{{16, 2, 11, 17, 10, 1, 1, 16},
                     {11, -4, -5, 1, 9, 0, 0, 15},
                     {},
                     {},
                     {1, 1, 1, 1, 0, 0, 0, 1},
                     {},
                     {{0, 1, 0, 1, 1, 1, 0, 1}, {1, 1, 1, 6, 6, 6, 6, 6}}};
  for (const bool reversed : {false, true}) {
    const Data data = reversed ? forward.take({7, 6, 5, 4, 3, 2, 1, 0}) : forward;
    for (const double start : {0.0, -1.0, -2.0, 2.0}) {
      CoxOptions options;
      options.ties = Ties::breslow;
      options.init = {start, start};
      const CoxFit fit = fit_cox(data.columns(), data.response(), options);
      EXPECT_FALSE(fit.converged) << start << ": " << fit.coefficients.transpose();
      EXPECT_NE(fit.diverging, std::vector<int>(2, 0)) << start;
    }
  }
}

// Far beyond the data a monotone likelihood is as flat as one at its maximum.
TEST(SeparationStart, NoStartMakesAMaximumOfAMonotoneLikelihood) {
  int monotone = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    oracle::Random random(seed);
    const oracle::Shape shape{std::size_t(random.integer(3, 12)), 1, random.chance(0.5)};
    Data data = oracle::random_data(shape, 300000 + seed);
    if (random.chance(0.5)) {
      for (double& x : data.x[0]) x = random.chance(0.3);
    }
    if (data.status == std::vector<int>(data.rows(), 0)) continue;
    CoxOptions options;
    options.ties = seed % 2 ? Ties::efron : Ties::breslow;
    if (fit_cox(data.columns(), data.response(), options).diverging[0] == 0) continue;
    ++monotone;
    options.init = {random.uniform(-30, 30)};
    const CoxFit fit = fit_cox(data.columns(), data.response(), options);
    EXPECT_FALSE(fit.converged) << seed << " from " << options.init[0] << ": "
                                << fit.coefficients[0];
  }
  EXPECT_GT(monotone, 300);
}

}  // namespace
}  // namespace lmsurv
