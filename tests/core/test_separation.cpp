#include <gtest/gtest.h>

#include <cmath>

#include "cox_fit.hpp"
#include "oracle.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::Data;

CoxFit fit(const Data& data, Ties ties) {
  CoxOptions options;
  options.ties = ties;
  return fit_cox(data.columns(), data.response(), options);
}

const Ties kMethods[] = {Ties::efron, Ties::breslow, Ties::exact};

// Column `j` runs to sign * infinity, and the others are as in a fit that knows it does.
void expect_only(const Data& data, std::size_t j, int sign) {
  for (const Ties ties : kMethods) {
    SCOPED_TRACE(int(ties));
    const CoxFit result = fit(data, ties);
    std::vector<int> expected(data.x.size(), 0);
    expected[j] = sign;
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.diverging, expected);
    EXPECT_TRUE(result.coefficients.allFinite());
    EXPECT_TRUE(result.variance.allFinite());
    EXPECT_GT(sign * result.coefficients[Index(j)], 0);
    // As an offset of ten standard deviations more, the column takes the others to their limit.
    Data limit = data;
    limit.x.erase(limit.x.begin() + std::ptrdiff_t(j));
    limit.offset = data.x[j];
    for (double& o : limit.offset) o *= sign * 25;
    const CoxFit others = fit(limit, ties);
    ASSERT_TRUE(others.converged);
    for (std::size_t k = 0, other = 0; k < data.x.size(); ++k) {
      if (k == j) continue;
      const double error = std::sqrt(others.variance(Index(other), Index(other)));
      const double away = result.coefficients[Index(k)] - others.coefficients[Index(other)];
      EXPECT_LE(std::fabs(away), 1e-3 * error) << "column " << k;
      ++other;
    }
  }
}

TEST(Separation, ALevelWithoutDeaths) {
  for (const bool entry : {false, true}) {
    oracle::Shape shape{150, 3};
    shape.entry = entry;
    Data data = oracle::random_data(shape, 11);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      data.x[1][i] = i % 5 == 0;
      if (i % 5 == 0) data.status[i] = 0;
    }
    expect_only(data, 1, -1);
    for (double& x : data.x[1]) x = 1 - x;
    expect_only(data, 1, 1);
  }
}

TEST(Separation, ALevelThatDiesFirst) {
  Data data = oracle::random_data({150, 3}, 12);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[2][i] = i % 6 == 0;
    if (i % 6 == 0) {
      data.status[i] = 1;
      data.time[i] = 0.01 * double(i / 6 / 2 + 1);
    }
  }
  expect_only(data, 2, 1);
}

TEST(Separation, InOneStratumAlone) {
  oracle::Shape shape{150, 2, true, true};
  Data data = oracle::random_data(shape, 13);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.x[1][i] = data.stratum[i] == 2 && i % 4 == 0;
    if (data.x[1][i] == 1) data.status[i] = 0;
  }
  expect_only(data, 1, -1);
}

// Whoever dies has the largest x0 - x1 of the risk set, while x0 and x1 alone overlap.
TEST(Separation, ACombinationOfColumns) {
  oracle::Random random(14);
  Data data;
  data.x.resize(3);
  for (int i = 0; i < 60; ++i) {
    const double common = random.uniform(-5, 5);
    data.time.push_back(i + 1);
    data.status.push_back(1);
    data.x[0].push_back(common + 0.02 * (60 - i));
    data.x[1].push_back(common);
    data.x[2].push_back(random.uniform(-1, 1));
  }
  for (const Ties ties : kMethods) {
    const CoxFit result = fit(data, ties);
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.diverging[0], 1);
    EXPECT_EQ(result.diverging[1], -1);
    EXPECT_TRUE(result.coefficients.allFinite());
  }
}

// Whether some direction v has v . (x_death - x_other) >= 0 for all deaths and all others at risk
// (with exact ties: others that do not die then), and > 0 for one: the likelihood has then no
// maximum. With two integer columns, the directions to try are those perpendicular to a difference
// and those along one; all arithmetic is in integers.
bool separated(const Data& data, Ties ties) {
  std::vector<std::pair<int, int>> differences, directions;
  const oracle::Model model(data, oracle::Vector(data.rows(), 0), ties, false);
  for (const oracle::Event& event : model.events()) {
    for (const std::size_t death : event.deaths) {
      for (const std::size_t other : event.risk) {
        if (ties == Ties::exact && event.dies(other)) continue;
        const int a = int(data.x[0][death] - data.x[0][other]);
        const int b = int(data.x[1][death] - data.x[1][other]);
        if (a == 0 && b == 0) continue;
        differences.push_back({a, b});
        for (const int sign : {1, -1}) {
          directions.push_back({sign * a, sign * b});
          directions.push_back({-sign * b, sign * a});
        }
      }
    }
  }
  for (const auto& v : directions) {
    bool all = true, some = false;
    for (const auto& d : differences) {
      const int along = v.first * d.first + v.second * d.second;
      all = all && along >= 0;
      some = some || along > 0;
    }
    if (all && some) return true;
  }
  return false;
}

// Small sets of two small integers, about a quarter of them separated.
TEST(Separation, IsFlaggedIfAndOnlyIfThereIsADirection) {
  oracle::Random random(15);
  int with = 0, without = 0;
  for (int turn = 0; turn < 4000; ++turn) {
    oracle::Shape shape{std::size_t(random.integer(4, 24)), 2, random.chance(0.5)};
    shape.strata = random.chance(0.3);
    shape.entry = random.chance(0.4);
    Data data = oracle::random_data(shape, 7000 + std::uint64_t(turn));
    for (auto& column : data.x) {
      const int most = random.integer(1, 3);
      for (double& x : column) x = random.integer(0, most);
    }
    bool events = false;
    for (const int status : data.status) events = events || status;
    if (!events) continue;
    const Ties ties = kMethods[turn % 3];
    const bool expected = separated(data, ties);
    (expected ? with : without) += 1;
    const CoxFit result = fit(data, ties);
    const bool flagged = result.diverging[0] != 0 || result.diverging[1] != 0;
    EXPECT_EQ(flagged, expected) << "set " << turn << ", method " << turn % 3 << ", b "
                                 << result.coefficients.transpose();
    EXPECT_EQ(result.converged, !expected) << "set " << turn;
  }
  EXPECT_GE(with, 500);
  EXPECT_GE(without, 500);
}

// One binary column, of which nobody with 1 dies.
TEST(Separation, OfOneColumnIsFlaggedFromAnyStart) {
  int converged = 0, unflagged = 0;
  for (int turn = 0; turn < 300; ++turn) {
    Data data = oracle::random_data({20, 1}, 9000 + std::uint64_t(turn));
    for (std::size_t i = 0; i < 20; ++i) {
      data.x[0][i] = i % 3 == 0;
      if (i % 3 == 0) data.status[i] = 0;
    }
    data.time[0] = 100;
    data.status[1] = 1;
    oracle::Random random{std::uint64_t(turn)};
    CoxOptions options;
    options.init = {random.uniform(-6, 6)};
    const CoxFit fit = fit_cox(data.columns(), data.response(), options);
    converged += fit.converged;
    unflagged += fit.diverging[0] != -1;
  }
  EXPECT_EQ(converged, 0);
  EXPECT_EQ(unflagged, 0);
}

// Whoever dies has the largest 9 x0 - 2 x1 of the risk set (strictly at 2).
TEST(Separation, OfACombinationIsFlaggedFromOtherStarts) {
  const Data forward{{16, 2, 11, 17, 10, 1, 1, 16},
                     {11, -4, -5, 1, 9, 0, 0, 15},
                     {},
                     {},
                     {1, 1, 1, 1, 0, 0, 0, 1},
                     {},
                     {{0, 1, 0, 1, 1, 1, 0, 1}, {1, 1, 1, 6, 6, 6, 6, 6}}};
  for (const bool reversed : {false, true}) {
    const Data data = reversed ? forward.take({7, 6, 5, 4, 3, 2, 1, 0}) : forward;
    for (const double start : {0.0, -1.0}) {
      CoxOptions options;
      options.ties = Ties::breslow;
      options.init = {start, start};
      const CoxFit fit = fit_cox(data.columns(), data.response(), options);
      EXPECT_FALSE(fit.converged) << start << ": " << fit.coefficients.transpose();
      EXPECT_NE(fit.diverging, std::vector<int>(2, 0)) << start;
    }
  }
}

// Strong effects, near collinearity and rare deaths in a level, all with finite estimates.
TEST(Separation, IsNotSeenInLargeFiniteEffects) {
  for (int turn = 0; turn < 60; ++turn) {
    oracle::Random random(16 + std::uint64_t(turn));
    Data data;
    data.x.resize(3);
    for (int i = 0; i < 200; ++i) {
      const double common = random.uniform(-1, 1);
      data.x[0].push_back(common);
      data.x[1].push_back(common + 1e-3 * random.uniform(-1, 1));
      data.x[2].push_back(i % 10 == 0);
      const double eta = 6 * common + 3 * data.x[2].back();
      data.time.push_back(-std::log(random.uniform()) * std::exp(-eta));
      data.status.push_back(random.chance(0.8));
    }
    // One death among many of a level, in the middle of the others.
    data.x.push_back(std::vector<double>(200, 0));
    for (std::size_t i = 100; i < 160; ++i) {
      data.x[3][i] = 1;
      data.status[i] = i == 130;
      data.time[i] += i == 130 ? 0 : 1;
    }
    const CoxFit result = fit(data, Ties::efron);
    EXPECT_TRUE(result.converged) << turn;
    EXPECT_EQ(result.diverging, std::vector<int>(4, 0)) << turn;
  }
}

}  // namespace
}  // namespace lmsurv
