// Rows of no weight are as rows that are left out.
#include <gtest/gtest.h>

#include <cmath>

#include "baseline_hazard.hpp"
#include "cox_fit.hpp"
#include "cox_residuals.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;

constexpr double kTolerance = 1e-10;

// The row without weight is the last at risk in its stratum, and dies alone.
Data with_a_weightless_end(bool entry) {
  oracle::Shape shape{60, 2};
  shape.entry = entry;
  Data data = oracle::random_data(shape, 31);
  data.weight.assign(60, 1);
  data.time[7] = 1000;
  data.status[7] = 1;
  data.weight[7] = 0;
  return data;
}

TEST(ZeroWeights, AnEventOfNoWeightIsNone) {
  for (const bool entry : {false, true}) {
    for (const Ties ties : {Ties::efron, Ties::breslow}) {
      for (const bool frequency : {false, true}) {
        const Data data = with_a_weightless_end(entry);
        CoxOptions options;
        options.ties = ties;
        options.frequency = frequency;
        const CoxFit all = fit_cox(data.columns(), data.response(), options);
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < 60; ++i) {
          if (i != 7) rows.push_back(i);
        }
        const Data rest = data.take(rows);
        const CoxFit without = fit_cox(rest.columns(), rest.response(), options);
        EXPECT_TRUE(all.converged);
        EXPECT_LE(distance(all.loglik[0], without.loglik[0], 1), kTolerance);
        EXPECT_LE(distance(all.loglik[1], without.loglik[1], 1), kTolerance);
        for (Index j = 0; j < 2; ++j) {
          EXPECT_LE(distance(all.coefficients[j], without.coefficients[j], 0.01), kTolerance);
          EXPECT_LE(distance(all.variance(j, j), without.variance(j, j), 0), kTolerance);
        }
      }
    }
  }
}

TEST(ZeroWeights, ResidualsAndHazardStayFinite) {
  for (const bool entry : {false, true}) {
    for (const Ties ties : {Ties::efron, Ties::breslow}) {
      const Data data = with_a_weightless_end(entry);
      const std::vector<double> eta(60, 0.25);
      const FittedModel model{data.response(), eta.data(), ties, false, true, {}};
      for (const double m : martingale_residuals(model)) EXPECT_TRUE(std::isfinite(m));
      for (const double h : baseline_hazard({}, model, {}).cumulative) {
        EXPECT_TRUE(std::isfinite(h));
      }
      EXPECT_TRUE(score_residuals(data.columns(), model).allFinite());
      EXPECT_TRUE(schoenfeld_residuals(data.columns(), model).residuals.allFinite());
      EXPECT_TRUE(score_meat(data.columns(), model, nullptr, 0).meat.allFinite());
    }
  }
}

}  // namespace
}  // namespace lmsurv
