// Offsets whose range dwarfs the columns: at the start a few rows outweigh all others.
#include <gtest/gtest.h>

#include <cmath>

#include "cox_fit.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;

// By the definition, in long double: what a step of Newton's method has left to give.
double decrement(const Data& data, const CoxFit& fit, Ties ties) {
  std::vector<double> beta(fit.coefficients.data(), fit.coefficients.data() + data.x.size());
  const oracle::Evaluation at =
      oracle::Model(data, oracle::linear_predictors(data, beta), ties, false).evaluate();
  const oracle::Matrix variance = oracle::inverse(at.information);
  oracle::Real out = 0;
  for (std::size_t a = 0; a < beta.size(); ++a) {
    for (std::size_t b = 0; b < beta.size(); ++b) {
      out += at.score[a] * variance[a][b] * at.score[b];
    }
  }
  return double(out);
}

oracle::Real value_at(const Data& data, const std::vector<double>& beta, Ties ties) {
  return oracle::Model(data, oracle::linear_predictors(data, beta), ties, false).evaluate().value;
}

// Three levels in steps of 30 rows, as a number, and an offset that grows by one a row.
TEST(LargeOffset, OfOneNumberHasAFiniteMaximum) {
  oracle::Random random(1);
  Data data;
  data.x.resize(1);
  for (int i = 0; i < 90; ++i) {
    data.time.push_back(random.uniform(1, 10));
    data.status.push_back(1);
    data.offset.push_back(i - 9);
    data.x[0].push_back(1 + i / 30);
  }
  const CoxFit fit = fit_cox(data.columns(), data.response(), {});
  ASSERT_TRUE(fit.converged);
  EXPECT_FALSE(fit.aliased[0]);
  EXPECT_NEAR(fit.coefficients[0], -30, 2);
  EXPECT_LE(decrement(data, fit, Ties::efron), 1e-10);
}

// Random designs of all kinds: whatever is claimed is true by the definition, and next to nothing
// ends without an answer.
TEST(LargeOffset, NothingUntrueIsClaimed) {
  int converged = 0, unfinished = 0;
  for (int turn = 0; turn < 300; ++turn) {
    oracle::Random random(100 + std::uint64_t(turn));
    oracle::Shape shape{std::size_t(random.integer(30, 90)), std::size_t(random.integer(1, 3)),
                        random.chance(0.5), random.chance(0.3)};
    shape.entry = random.chance(0.4);
    Data data = oracle::random_data(shape, 500 + std::uint64_t(turn));
    const double size = std::pow(10, random.uniform(1, 3.3));
    const int kind = random.integer(0, 2);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      data.offset.push_back(kind == 0   ? random.uniform(-size, size)
                            : kind == 1 ? size * double(i) / double(data.rows())
                                        : size * data.x[0][i] + random.uniform(-3, 3));
    }
    const Ties ties = turn % 2 ? Ties::efron : Ties::breslow;
    CoxOptions options;
    options.ties = ties;
    options.iter_max = 500;
    const CoxFit fit = fit_cox(data.columns(), data.response(), options);
    SCOPED_TRACE(turn);
    EXPECT_EQ(fit.aliased, std::vector<bool>(data.x.size(), false));
    const bool diverges = fit.diverging != std::vector<int>(data.x.size(), 0);
    if (diverges) {
      std::vector<double> beta(fit.coefficients.data(), fit.coefficients.data() + data.x.size());
      const oracle::Real here = value_at(data, beta, ties);
      for (std::size_t j = 0; j < beta.size(); ++j) beta[j] += 1e3 * fit.diverging[j];
      EXPECT_GE(value_at(data, beta, ties), here - 1e-6) << "claimed infinite";
    } else if (fit.converged) {
      ++converged;
      EXPECT_LE(decrement(data, fit, ties), 1e-8);
    } else {
      ++unfinished;
    }
  }
  EXPECT_GE(converged, 290);
  EXPECT_LE(unfinished, 1);
}

}  // namespace
}  // namespace lmsurv
