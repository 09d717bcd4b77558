#include "gray_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::Matrix;
using oracle::Real;
using oracle::Shape;
using oracle::Vector;

constexpr double kTolerance = 1e-11;

struct Case {
  Data data;
  std::vector<int> group;
  int groups = 2, causes = 2;
  double rho = 0;
};

struct Direct {
  Vector score;
  Matrix variance;
  bool defined = true;  // no event after the incidence in common has come to 1
};

struct Term {
  Vector d;                 // G: d_kr
  Real own = 0, other = 0;  // increments of the two parts of the variance
  Real b1 = 0;
  Vector c;  // G: c_kr(t)
};

// The sums of the header as they stand, with c_kr(end) known before the variance is summed.
void add_stratum(const Case& x, int stratum, int cause, Direct& out) {
  const Data& data = x.data;
  const std::size_t G = std::size_t(x.groups);
  std::set<double> times;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (data.stratum_of(i) == stratum && data.status[i]) times.insert(data.time[i]);
  }
  Vector S(G, 1), F1(G, 0);
  Real F = 0;
  Matrix c(G, Vector(G, 0));                // [r][k]
  std::vector<std::vector<Term>> terms(G);  // of r
  for (const double t : times) {
    Vector Y(G, 0), d1(G, 0), d2(G, 0);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.stratum_of(i) != stratum || data.time[i] < t) continue;
      const std::size_t r = std::size_t(x.group[i] - 1);
      Y[r] += data.weight_of(i);
      if (data.time[i] > t || !data.status[i]) continue;
      (data.status[i] == cause ? d1 : d2)[r] += data.weight_of(i);
    }
    std::size_t present = 0;
    Real D = 0, h = 0, R = 0;
    Vector hr(G, 0);
    for (std::size_t r = 0; r < G; ++r) {
      if (Y[r] == 0) continue;
      ++present;
      hr[r] = Y[r] / S[r];
      h += hr[r];
      R += hr[r] * (1 - F1[r]);
      D += d1[r];
    }
    if (present < 2) break;
    if (D > 0 && std::fabs(1 - F) < 1e-12L) out.defined = false;
    const Real before = 1 - F, L = x.rho == 0 ? 1 : std::pow(before, Real(x.rho)), dF = D / h;
    F += dF;
    for (std::size_t k = 0; k < G && D > 0; ++k) {
      out.score[k] += L * (d1[k] - hr[k] * (1 - F1[k]) / R * D);
    }
    for (std::size_t r = 0; r < G; ++r) {
      if (Y[r] == 0) continue;
      const Real after = S[r] * (Y[r] - d1[r] - d2[r]) / Y[r];
      Term term;
      for (std::size_t k = 0; k < G; ++k) {
        term.d.push_back(L * hr[r] * ((k == r ? 1 : 0) - hr[k] / h));
        if (D > 0) c[r][k] += term.d[k] * dF / before;
      }
      term.c = c[r];
      term.b1 = after > 0 ? 1 - (1 - F) / after : 1;
      term.own = dF / hr[r] * (D > 1 ? 1 - (D - 1) / (h * S[r] - 1) : 1);
      const Real part = S[r] / Y[r];
      term.other = part * part * d2[r] * (d2[r] > 1 ? 1 - (d2[r] - 1) / (Y[r] - 1) : 1);
      terms[r].push_back(term);
      F1[r] += S[r] * d1[r] / Y[r];
      S[r] = after;
    }
  }
  for (std::size_t r = 0; r < G; ++r) {
    for (const Term& term : terms[r]) {
      for (std::size_t k = 0; k < G; ++k) {
        for (std::size_t l = 0; l < G; ++l) {
          const Real ek = c[r][k] - term.c[k], el = c[r][l] - term.c[l];
          const Real b2 = term.b1 - 1;
          out.variance[k][l] += (term.d[k] + term.b1 * ek) * (term.d[l] + term.b1 * el) * term.own +
                                b2 * b2 * ek * el * term.other;
        }
      }
    }
  }
}

Direct by_definition(const Case& x, int cause) {
  const std::size_t G = std::size_t(x.groups);
  Direct out{Vector(G, 0), Matrix(G, Vector(G, 0)), true};
  std::set<int> strata;
  for (std::size_t i = 0; i < x.data.rows(); ++i) strata.insert(x.data.stratum_of(i));
  for (const int s : strata) add_stratum(x, s, cause, out);
  return out;
}

std::vector<GrayTest> run(const Case& x) {
  GrayOptions options;
  options.causes = x.causes;
  options.rho = x.rho;
  return gray_tests(x.data.response(), order_times(x.data.response(), false), x.group.data(),
                    x.groups, options);
}

void expect_by_definition(const Case& x) {
  const std::vector<GrayTest> tests = run(x);
  ASSERT_EQ(int(tests.size()), x.causes);
  for (int cause = 1; cause <= x.causes; ++cause) {
    const Direct expected = by_definition(x, cause);
    const GrayTest& actual = tests[std::size_t(cause - 1)];
    if (!expected.defined) {
      EXPECT_TRUE(std::isnan(actual.statistic));
      continue;
    }
    Real unit = 1e-12L, size = 1e-12L;
    for (std::size_t k = 0; k < expected.score.size(); ++k) {
      unit = std::max(unit, std::fabs(expected.variance[k][k]));
      size = std::max(size, std::fabs(expected.score[k]));
    }
    for (std::size_t k = 0; k < expected.score.size(); ++k) {
      EXPECT_LE(std::fabs(actual.score[Eigen::Index(k)] - expected.score[k]) / size, kTolerance);
      for (std::size_t l = 0; l < expected.score.size(); ++l) {
        const double v = actual.variance(Eigen::Index(k), Eigen::Index(l));
        EXPECT_LE(std::fabs(v - expected.variance[k][l]) / unit, kTolerance) << k << " " << l;
      }
    }
  }
}

Case random_case(Shape shape, int groups, int causes, std::uint64_t seed) {
  Case x;
  shape.columns = 0;
  x.data = oracle::random_data(shape, seed);
  x.groups = groups;
  x.causes = causes;
  oracle::Random random(seed + 5);
  for (int& status : x.data.status) {
    if (status) status = random.integer(1, causes);
  }
  for (std::size_t i = 0; i < x.data.rows(); ++i) x.group.push_back(random.integer(1, groups));
  return x;
}

TEST(GrayTest, ByDefinition) {
  std::uint64_t seed = 10000;
  for (const std::size_t rows : {0, 2, 5, 50, 200}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0};
      if (bits & 4) shape.weights = oracle::Weights::counts;
      for (const int groups : {2, 3, 6}) {
        SCOPED_TRACE(++seed);
        expect_by_definition(random_case(shape, groups, 1 + int(seed % 3), seed));
      }
    }
  }
}

TEST(GrayTest, WeightedByDefinition) {
  for (const double rho : {1.0, 2.0, -1.0}) {
    Case x = random_case({150, 0, true, true}, 3, 2, 10500);
    x.rho = rho;
    expect_by_definition(x);
  }
}

// Two groups, 2 + 2 rows; at time 1 group 1 has the event with 2 and 2 at risk, at time 2 group 2
// has it with 1 and 2 at risk. S_1 = 1/2 after time 1: h = (1 / (1/2), 2) = (2, 2) at time 2, and
// R = (2 (1 - 1/2), 2) = (1, 2). score_1 = (1 - 2/4) + (0 - 1/3) = 1/6.
TEST(GrayTest, ScoreByHand) {
  Case x;
  x.data = Data{{1, 3, 2, 4}, {}, {}, {}, {1, 0, 1, 0}, {}, {}};
  x.group = {1, 1, 2, 2};
  x.causes = 1;
  const GrayTest test = run(x)[0];
  EXPECT_NEAR(test.score[0], 1.0 / 6, 1e-15);
  EXPECT_NEAR(test.score[1], -1.0 / 6, 1e-15);
  EXPECT_EQ(test.df, 1);
  EXPECT_NEAR(test.statistic, test.score[0] * test.score[0] / test.variance(0, 0), 1e-15);
}

TEST(GrayTest, Laws) {
  const Case x = random_case({200, 0, true, true}, 4, 2, 10600);
  const std::vector<GrayTest> tests = run(x);
  for (const GrayTest& test : tests) {
    EXPECT_NEAR(test.score.sum(), 0, 1e-11);
    EXPECT_LE(test.variance.rowwise().sum().cwiseAbs().maxCoeff(), 1e-10);
  }
  oracle::Random random(1);
  const std::vector<std::size_t> shuffle = random.permutation(200);
  Case other = x;
  other.data = x.data.take(shuffle);
  for (std::size_t i = 0; i < 200; ++i) {
    other.group[i] = 5 - x.group[shuffle[i]];  // groups named anew
    other.data.time[i] *= 7;
  }
  Case doubled = x;  // each row twice, and each row with weight 2
  for (std::size_t i = 0; i < 200; ++i) {
    doubled.data.time.push_back(x.data.time[i]);
    doubled.data.status.push_back(x.data.status[i]);
    doubled.data.stratum.push_back(x.data.stratum[i]);
    doubled.group.push_back(x.group[i]);
  }
  Case weighted = x;
  weighted.data.weight.assign(200, 2);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(run(other)[k].statistic / tests[k].statistic, 1, 1e-10);
    EXPECT_NEAR(run(doubled)[k].statistic, run(weighted)[k].statistic, 1e-10);
  }
}

TEST(GrayTest, SameBitsOnSeveralThreads) {
  const Case x = random_case({6000, 0, false, true}, 4, 2, 10650);
  GrayOptions options;
  options.causes = 2;
  const auto run = [&] {
    const TimeOrder times = order_times(x.data.response(), true, options.execution);
    return gray_tests(x.data.response(), times, x.group.data(), x.groups, options);
  };
  const auto one = run();
  options.execution.threads = 2;
  const auto two = run();
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(one[k].score, two[k].score);
    EXPECT_EQ(one[k].variance, two[k].variance);
    EXPECT_EQ(one[k].statistic, two[k].statistic);
  }
}

TEST(GrayTest, CloseTimesAreTied) {
  Case x;
  x.data = Data{{1, 1 + 1e-10, 2, 3, 4, 5}, {}, {}, {}, {1, 1, 1, 0, 1, 1}, {}, {}};
  x.group = {1, 1, 2, 2, 1, 2};
  x.causes = 1;
  const TimeOrder times = order_times(x.data.response(), true);
  const double merged =
      gray_tests(x.data.response(), times, x.group.data(), 2, {})[0].variance(0, 0);
  EXPECT_NE(merged, run(x)[0].variance(0, 0));
  x.data.time[1] = 1;
  EXPECT_EQ(merged, run(x)[0].variance(0, 0));
}

// The incidence in common passes 1 when groups end early; then (1 - F)^rho is no number. But with
// one group left there is nothing to compare, so it must not matter.
TEST(GrayTest, OneGroupLeftSaysNothing) {
  Case x;
  x.data = Data{{1, 2, 3, 4, 5, 6, 7, 8}, {}, {}, {}, {1, 1, 1, 0, 1, 1, 1, 1}, {}, {}};
  x.group = {1, 1, 1, 2, 2, 2, 2, 2};
  x.causes = 1;
  x.rho = -0.5;
  const GrayTest whole = run(x)[0];
  EXPECT_TRUE(std::isfinite(whole.statistic));
  x.data.status = {1, 1, 1, 0, 0, 0, 0, 0};
  EXPECT_EQ(run(x)[0].statistic, whole.statistic);
}

// 6/12 of group 1 and 3/6 of the others: the incidence in common is 1 up to rounding, and two
// groups are still at risk.
TEST(GrayTest, NoNumberWithoutAHazard) {
  for (const double size : {6.0, 14.0}) {  // of group 1; the others have half of it each
    Case x;
    x.groups = 3;
    x.causes = 1;
    x.data.time = {1};
    x.data.status = {1};
    x.data.weight = {size};
    x.group = {1};
    for (int i = 0; i < int(size); ++i) {
      x.data.time.push_back(2 + i);
      x.data.status.push_back(1);
      x.data.weight.push_back(1);
      x.group.push_back(2 + i % 2);
    }
    EXPECT_TRUE(std::isnan(run(x)[0].statistic));
    EXPECT_TRUE(std::isnan(run(x)[0].score[0]));
  }
}

TEST(GrayTest, NothingToCompare) {
  Case apart;  // the groups are never at risk together when somebody has the event
  apart.data = Data{{1, 2, 3, 4}, {}, {}, {}, {0, 0, 1, 1}, {}, {}};
  apart.group = {1, 1, 2, 2};
  EXPECT_TRUE(std::isnan(run(apart)[0].statistic));
  Case empty;  // a group without rows
  empty.data = Data{{1, 2, 3, 4}, {}, {}, {}, {1, 0, 1, 1}, {}, {}};
  empty.group = {1, 1, 2, 2};
  empty.groups = 3;
  EXPECT_TRUE(std::isnan(run(empty)[0].statistic));
}

TEST(GrayTest, RefusesEntryTimesAndAsksWhetherToGoOn) {
  Case x = random_case({10, 0}, 2, 1, 10700);
  GrayOptions options;
  options.execution.interrupt = [] { throw 1; };
  EXPECT_THROW(gray_tests(x.data.response(), order_times(x.data.response(), true), x.group.data(),
                          2, options),
               int);
  x.data.entry.assign(10, 0);
  EXPECT_THROW(run(x), InvalidInput);
}

}  // namespace
}  // namespace lmsurv
