#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;
using oracle::distance;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-9;

struct Setting {
  Ties ties;
  bool entry, strata, firth;
};

class CoxFitLaws : public ::testing::TestWithParam<Setting> {
 protected:
  Data sample(std::uint64_t seed, Weights weights = Weights::none, std::size_t rows = 100) const {
    Shape shape{rows, 2, true, GetParam().strata};
    shape.entry = GetParam().entry;
    shape.weights = weights;
    shape.offset = true;
    return oracle::random_data(shape, seed);
  }
  CoxFit fit(const Data& data, bool frequency = false) const {
    CoxOptions options;
    options.ties = GetParam().ties;
    options.frequency = frequency;
    options.firth = GetParam().firth;
    return lmsurv::fit(data, options);
  }
};

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (int bits = 0; bits < 8; ++bits) {
    const bool entry = bits & 1, strata = bits & 2, firth = bits & 4;
    for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
      if (!firth || ties != Ties::exact) out.push_back({ties, entry, strata, firth});
    }
  }
  return out;
}
INSTANTIATE_TEST_SUITE_P(Settings, CoxFitLaws, ::testing::ValuesIn(settings()));

void expect_same(const CoxFit& a, const CoxFit& b, const std::vector<double>& unit = {1, 1},
                 double shift = 0) {
  expect_same_fit(a, b, kTolerance, unit, shift);
}

TEST_P(CoxFitLaws, TheOrderOfRowsDoesNotMatter) {
  const Data data = sample(1);
  const auto shuffled = oracle::Random(2).permutation(data.rows());
  const CoxFit a = fit(data), b = fit(data.take(shuffled));
  expect_same(a, b);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    EXPECT_NEAR(b.linear_predictors[i], a.linear_predictors[shuffled[i]], kTolerance);
  }
}

// (t0, t1] = (t0, s] + (s, t1], censored at s, wherever s lies.
TEST_P(CoxFitLaws, ASplitIntervalIsTheSameRow) {
  Data data = sample(3);
  const CoxFit whole = fit(data);
  oracle::Random random(4);
  if (data.entry.empty()) data.entry.assign(data.rows(), 0);
  const std::size_t n = data.rows();
  std::vector<std::size_t> twice(2 * n);
  std::iota(twice.begin(), twice.begin() + std::ptrdiff_t(n), 0u);
  std::iota(twice.begin() + std::ptrdiff_t(n), twice.end(), 0u);
  Data split = data.take(twice);
  for (std::size_t i = 0; i < n; ++i) {
    const double entry = data.entry[i], time = data.time[i];
    const double at = time - entry > 1.5 && random.chance(0.5)
                          ? random.integer(int(entry) + 1, int(time) - 1)
                          : random.uniform(entry + 0.01, time - 0.01);
    split.time[i] = split.entry[n + i] = at;
    split.status[i] = 0;
  }
  expect_same(whole, fit(split));
}

TEST_P(CoxFitLaws, AFrequencyWeightIsSoManyRows) {
  const Data data = sample(5, Weights::counts, 60);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    rows.insert(rows.end(), std::size_t(data.weight[i]), i);
  }
  Data expanded = data.take(rows);
  expanded.weight.clear();
  const CoxFit a = fit(data, true), b = fit(expanded);
  expect_same(a, b);
}

TEST_P(CoxFitLaws, DoubledCaseWeightsHalveTheVariance) {
  if (GetParam().ties == Ties::exact || GetParam().firth) return;
  Data data = sample(6, Weights::cases);
  const CoxFit once = fit(data);
  for (double& w : data.weight) w *= 2;
  const CoxFit twice = fit(data);
  for (Index j = 0; j < 2; ++j) {
    const double error = std::sqrt(once.variance(j, j));
    EXPECT_LE(distance(twice.coefficients[j], once.coefficients[j], error), kTolerance);
    EXPECT_LE(distance(2 * twice.variance(j, j), once.variance(j, j), 0), kTolerance);
  }
  EXPECT_LE(distance(twice.score_test, 2 * once.score_test, 1), kTolerance);
}

TEST_P(CoxFitLaws, OnlyTheOrderOfTimesMatters) {
  const Data data = sample(7);
  const CoxFit original = fit(data);
  const auto transformed = [&](auto change) {
    Data out = data;
    for (double& t : out.time) t = change(t);
    for (double& t : out.entry) t = change(t);
    return fit(out);
  };
  expect_same(original, transformed([](double t) { return 1000 * t; }));
  expect_same(original, transformed([](double t) { return t / 365.25; }));
  expect_same(original, transformed([](double t) { return t - 50; }));
  expect_same(original, transformed([](double t) { return std::expm1(t / 5); }));
}

TEST_P(CoxFitLaws, ARescaledOrShiftedCovariate) {
  const Data data = sample(8);
  const CoxFit original = fit(data);
  Data scaled = data, shifted = data;
  for (double& x : scaled.x[0]) x *= -1e6;
  for (double& x : scaled.x[1]) x /= 1024;
  for (double& x : shifted.x[0]) x += 30;
  for (double& x : shifted.x[1]) x -= 4;
  // Firth's penalty is half the log determinant of the information in these units.
  const double shift = GetParam().firth ? std::log(1024 / 1e6) : 0;
  expect_same(original, fit(scaled), {-1e-6, 1024}, shift);
  expect_same(original, fit(shifted));
}

TEST_P(CoxFitLaws, AConstantOffsetIsNothing) {
  Data data = sample(9);
  const CoxFit original = fit(data);
  for (double& o : data.offset) o += 12;
  expect_same(original, fit(data));
}

TEST_P(CoxFitLaws, StrataAddTheirLogLikelihoods) {
  if (!GetParam().strata || GetParam().firth) return;
  const Data data = sample(10);
  const CoxFit whole = fit(data);
  CoxOptions options;
  options.ties = GetParam().ties;
  options.init.assign(whole.coefficients.data(), whole.coefficients.data() + 2);
  options.iter_max = 0;
  double sum = 0;
  for (const int stratum : {1, 2}) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.stratum[i] == stratum) rows.push_back(i);
    }
    Data part = data.take(rows);
    part.stratum.clear();
    sum += fit_cox(part.columns(), part.response(), options).loglik[1];
  }
  EXPECT_LE(distance(whole.loglik[1], sum, 1), kTolerance);
}

// Rows that are at risk at no event: censored before the first, or entered after the last.
TEST_P(CoxFitLaws, RowsAtRiskAtNoEventAreNothing) {
  const Data data = sample(11);
  Data more = data.take([&] {
    std::vector<std::size_t> rows(data.rows() + 10);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i % data.rows();
    return rows;
  }());
  for (std::size_t i = data.rows(); i < more.rows(); ++i) {
    const bool late = GetParam().entry && i % 2 == 0;
    more.status[i] = 0;
    more.time[i] = late ? 1000 : 0.5;
    if (GetParam().entry) more.entry[i] = late ? 900 : 0.25;
  }
  expect_same(fit(data), fit(more));
}

}  // namespace
}  // namespace lmsurv
