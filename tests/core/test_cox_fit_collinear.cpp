#include <gtest/gtest.h>

#include <cmath>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;

constexpr double kTolerance = 1e-9;

void expect_aliased(const Data& data, const std::vector<std::size_t>& kept) {
  Data reduced = data;
  reduced.x.clear();
  for (const std::size_t j : kept) reduced.x.push_back(data.x[j]);
  for (const bool entry : {false, true}) {
    for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
      SCOPED_TRACE(int(ties));
      Data full = data;
      if (entry) full.entry.assign(data.rows(), 0);
      CoxOptions options;
      options.ties = ties;
      const CoxFit a = fit(full, options), b = fit(reduced, options);
      EXPECT_TRUE(a.converged);
      EXPECT_EQ(a.diverging, std::vector<int>(data.x.size(), 0));
      EXPECT_LE(distance(a.loglik[1], b.loglik[1], 1), kTolerance);
      std::size_t next = 0;
      for (std::size_t j = 0; j < data.x.size(); ++j) {
        const Index column = Index(j);
        const bool estimated = next < kept.size() && kept[next] == j;
        EXPECT_EQ(a.aliased[j], !estimated) << "column " << j;
        if (estimated) {
          const double error = std::sqrt(b.variance(Index(next), Index(next)));
          EXPECT_LE(distance(a.coefficients[column], b.coefficients[Index(next)], error),
                    kTolerance);
          EXPECT_LE(distance(std::sqrt(a.variance(column, column)), error, 0), kTolerance);
          ++next;
        } else {
          EXPECT_TRUE(std::isnan(a.coefficients[column]));
          EXPECT_EQ(a.variance.row(column).cwiseAbs().sum(), 0);
          EXPECT_EQ(a.variance.col(column).cwiseAbs().sum(), 0);
        }
      }
      for (std::size_t i = 0; i < data.rows(); ++i) {
        ASSERT_TRUE(std::isfinite(a.linear_predictors[i]));
      }
    }
  }
}

Data sample(std::size_t columns, std::uint64_t seed, bool strata = false) {
  return oracle::random_data({90, columns, true, strata}, seed);
}

TEST(CollinearColumns, TheLaterOfTwoEqualOnes) {
  Data data = sample(2, 1);
  data.x.push_back(data.x[0]);
  expect_aliased(data, {0, 1});
  for (double& x : data.x[2]) x = -1e-5 * x + 40;
  expect_aliased(data, {0, 1});
}

TEST(CollinearColumns, TheLastOfACombination) {
  Data data = sample(4, 2);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[2][i] = 3 * data.x[0][i] - 0.25 * data.x[1][i] + 7;
  }
  expect_aliased(data, {0, 1, 3});
}

TEST(CollinearColumns, OneIndicatorForEachLevel) {
  Data data = sample(3, 3);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    for (std::size_t level = 0; level < 3; ++level) data.x[level][i] = i % 3 == level;
  }
  expect_aliased(data, {0, 1});
}

TEST(CollinearColumns, AConstant) {
  for (const double constant : {0.0, 1.0, 0.1, -1e9, 1e-300}) {
    Data data = sample(3, 4);
    data.x[1].assign(data.rows(), constant);
    expect_aliased(data, {0, 2});
  }
}

TEST(CollinearColumns, AConstantWithinEveryStratum) {
  Data data = sample(3, 5, true);
  for (std::size_t i = 0; i < data.rows(); ++i) data.x[0][i] = 0.1 * data.stratum[i];
  expect_aliased(data, {1, 2});
}

// A column that is constant wherever anybody dies.
TEST(CollinearColumns, NoVariationInAnyRiskSet) {
  Data data = sample(2, 6);
  data.x.push_back(std::vector<double>(data.rows(), 0));
  for (std::size_t i = 0; i < 5; ++i) {
    data.time[i] = 0.5;
    data.status[i] = 0;
    data.x[2][i] = double(i);
  }
  expect_aliased(data, {0, 1});
}

TEST(CollinearColumns, EveryColumn) {
  Data data = sample(2, 7);
  data.x[0].assign(data.rows(), 3);
  data.x[1].assign(data.rows(), 4);
  expect_aliased(data, {});
}

TEST(CollinearColumns, NearlySoIsNotSo) {
  for (const double difference : {1e-2, 1e-4}) {
    Data data = sample(2, 8);
    oracle::Random random(9);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      data.x[1][i] = data.x[0][i] + difference * random.uniform(-1, 1);
    }
    const CoxFit result = fit(data);
    EXPECT_TRUE(result.converged) << difference;
    EXPECT_EQ(result.aliased, std::vector<bool>(2, false)) << difference;
    EXPECT_EQ(result.diverging, std::vector<int>(2, 0)) << difference;
    // The same model in other words: x0 and the difference, in its own unit.
    Data other = data;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      other.x[1][i] = (data.x[1][i] - data.x[0][i]) / difference;
    }
    const CoxFit apart = fit(other);
    const double lost = 1e-12 / difference / difference;
    EXPECT_LE(distance(result.loglik[1], apart.loglik[1], 1), lost);
    EXPECT_LE(distance(result.coefficients[1] * difference, apart.coefficients[1], 1), lost);
  }
}

}  // namespace
}  // namespace lmsurv
