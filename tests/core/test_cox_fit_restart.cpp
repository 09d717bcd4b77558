// From a start so far off that the search begins again, the end is never below the start.
#include <gtest/gtest.h>

#include <cmath>

#include "cox_fit.hpp"
#include "random_data.hpp"

namespace lmsurv {
namespace {

using oracle::Data;

TEST(CoxFitRestart, TheLogLikelihoodDoesNotFall) {
  const Data monotone{{1, 20}, {}, {}, {-17.5, 10}, {1, 1}, {}, {{1, 0}}};
  const Data flat{{18, 18}, {}, {1.25, 1.25}, {-17.5, 15}, {1, 1}, {}, {{2, 5}}};
  for (const Data& data : {monotone, flat}) {
    for (const double start : {0.25, -2.0}) {
      CoxOptions options;
      options.ties = Ties::breslow;
      options.init = {start};
      const CoxFit fit = fit_cox(data.columns(), data.response(), options);
      EXPECT_GE(fit.loglik[1], fit.loglik[0] - 1e-9 * std::fabs(fit.loglik[0])) << start;
      EXPECT_TRUE(!fit.converged || std::fabs(fit.score[0]) < 1e-6) << fit.score[0];
    }
  }
}

}  // namespace
}  // namespace lmsurv
