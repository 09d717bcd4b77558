#include "incidence.hpp"

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
using oracle::Weights;

constexpr double kTolerance = 1e-12;

// Rows in the order of the data; the status is 0 or the cause.
struct Case {
  Data data;
  int causes = 2;
  std::vector<int> cluster;  // empty, or codes 1..clusters
  int clusters = 0;
  bool frequency = false;
};

struct Curve {
  Vector time, at_risk, censored;
  Matrix events, hazard, probability, variance;  // [state][step]
};

Real at_risk_weight(const Case& c, std::size_t i, int stratum, double time) {
  const Data& d = c.data;
  const bool in =
      d.stratum_of(i) == stratum && d.time[i] >= time && (d.entry.empty() || d.entry[i] < time);
  return in ? d.weight_of(i) : 0;
}

// By definition: every sum over all rows, for every time anew; the influence of a unit by
// differentiating the product and the sums, term by term.
Curve by_definition(const Case& c, int stratum) {
  const Data& d = c.data;
  const std::size_t n = d.rows(), K = std::size_t(c.causes);
  std::set<double> times;
  for (std::size_t i = 0; i < n; ++i) {
    if (d.stratum_of(i) == stratum) times.insert(d.time[i]);
  }
  const std::size_t units = c.cluster.empty() ? n : std::size_t(c.clusters);
  const auto unit = [&](std::size_t i) {
    return c.cluster.empty() ? i : std::size_t(c.cluster[i] - 1);
  };
  Curve out;
  out.events.resize(K);
  out.hazard.resize(K);
  out.probability.resize(K + 1);
  out.variance.resize(K + 1);
  Real S = 1;
  Vector F(K, 0), H(K, 0), dS(units, 0);
  Matrix dF(K, Vector(units, 0));
  for (const double t : times) {
    Real n_t = 0, censored = 0;
    Vector events(K, 0);
    for (std::size_t i = 0; i < n; ++i) {
      n_t += at_risk_weight(c, i, stratum, t);
      if (d.stratum_of(i) != stratum || d.time[i] != t) continue;
      if (d.status[i])
        events[std::size_t(d.status[i] - 1)] += d.weight_of(i);
      else
        censored += d.weight_of(i);
    }
    Vector h(K, 0);
    Real total = 0;
    for (std::size_t k = 0; k < K; ++k) {
      if (events[k] > 0) h[k] = events[k] / n_t;
      total += h[k];
    }
    Matrix dh(K, Vector(units, 0));
    for (std::size_t i = 0; i < n && total > 0; ++i) {
      const Real w = at_risk_weight(c, i, stratum, t);
      if (w == 0) continue;
      const Real scale = c.frequency ? 1 : w;
      for (std::size_t k = 0; k < K; ++k) {
        const bool own = d.time[i] == t && d.status[i] == int(k + 1);
        dh[k][unit(i)] += scale * ((own ? 1 : 0) - h[k]) / n_t;
      }
    }
    for (std::size_t u = 0; u < units; ++u) {
      Real sum = 0;
      for (std::size_t k = 0; k < K; ++k) {
        dF[k][u] += dS[u] * h[k] + S * dh[k][u];
        sum += dh[k][u];
      }
      dS[u] = dS[u] * (1 - total) - S * sum;
    }
    for (std::size_t k = 0; k < K; ++k) {
      F[k] += S * h[k];
      H[k] += h[k];
    }
    S *= 1 - total;
    out.time.push_back(t);
    out.at_risk.push_back(n_t);
    out.censored.push_back(censored);
    const auto variance = [&](const Vector& influence) {
      Vector weight(units, 1);
      for (std::size_t i = 0; i < n && c.frequency; ++i) weight[unit(i)] = d.weight_of(i);
      Real sum = 0;
      for (std::size_t u = 0; u < units; ++u) sum += weight[u] * influence[u] * influence[u];
      return sum;
    };
    out.probability[0].push_back(S);
    out.variance[0].push_back(variance(dS));
    for (std::size_t k = 0; k < K; ++k) {
      out.events[k].push_back(events[k]);
      out.hazard[k].push_back(H[k]);
      out.probability[k + 1].push_back(F[k]);
      out.variance[k + 1].push_back(variance(dF[k]));
    }
  }
  return out;
}

CumulativeIncidence estimate(const Case& c,
                             IncidenceVariance variance = IncidenceVariance::jackknife) {
  CumulativeIncidenceOptions options;
  options.causes = c.causes;
  options.frequency = c.frequency;
  options.cluster = c.cluster.empty() ? nullptr : c.cluster.data();
  options.clusters = c.clusters;
  options.variance = variance;
  return cumulative_incidence(c.data.response(), options);
}

void expect_same(const std::vector<double>& actual, int begin, const Vector& expected,
                 const char* what, double tolerance = kTolerance) {
  Real unit = 1e-18L;
  for (const Real e : expected) unit = std::max(unit, std::fabs(e));
  for (std::size_t j = 0; j < expected.size(); ++j) {
    EXPECT_LE(std::fabs(actual[std::size_t(begin) + j] - expected[j]) / unit, tolerance)
        << what << ", step " << j << ": " << actual[std::size_t(begin) + j];
  }
}

void expect_by_definition(const Case& c, double tolerance = kTolerance) {
  const CumulativeIncidence actual = estimate(c);
  const int strata = int(actual.begin.size()) - 1;
  for (int s = 0; s < strata; ++s) {
    const Curve expected = by_definition(c, s + 1);
    const int begin = actual.begin[std::size_t(s)];
    ASSERT_EQ(actual.begin[std::size_t(s) + 1] - begin, int(expected.time.size()));
    expect_same(actual.time, begin, expected.time, "time");
    expect_same(actual.at_risk, begin, expected.at_risk, "at risk");
    expect_same(actual.censored, begin, expected.censored, "censored");
    for (std::size_t k = 0; k < std::size_t(c.causes); ++k) {
      expect_same(actual.events[k], begin, expected.events[k], "events");
      expect_same(actual.hazard[k], begin, expected.hazard[k], "hazard");
    }
    for (std::size_t k = 0; k <= std::size_t(c.causes); ++k) {
      expect_same(actual.probability[k], begin, expected.probability[k], "probability", tolerance);
      expect_same(actual.variance[k], begin, expected.variance[k], "variance", tolerance);
    }
  }
}

Case random_case(Shape shape, int causes, std::uint64_t seed) {
  Case c;
  shape.columns = 0;
  c.data = oracle::random_data(shape, seed);
  c.causes = causes;
  oracle::Random random(seed + 77);
  for (int& status : c.data.status) {
    if (status) status = random.integer(1, causes);
  }
  c.frequency = shape.weights == Weights::counts;
  return c;
}

TEST(CumulativeIncidence, ByDefinition) {
  std::uint64_t seed = 9000;
  for (const std::size_t rows : {0, 1, 2, 5, 50, 200}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
        shape.weights = weights;
        for (const int causes : {1, 2, 4}) {
          SCOPED_TRACE(++seed);
          expect_by_definition(random_case(shape, causes, seed));
        }
      }
    }
  }
}

TEST(CumulativeIncidence, ClustersAcrossCurves) {
  std::uint64_t seed = 9500;
  for (const std::size_t rows : {5, 50, 200}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0, Weights::cases};
      shape.entry = (bits & 4) != 0;
      SCOPED_TRACE(++seed);
      Case c = random_case(shape, 2, seed);
      c.clusters = 7;
      for (std::size_t i = 0; i < rows; ++i) c.cluster.push_back(int(i * i % 7) + 1);
      expect_by_definition(c);
    }
  }
}

// Units that stand for several: their rows have one weight.
TEST(CumulativeIncidence, FrequenciesOfPatientsWithSeveralRows) {
  Case c{
      {{2, 5, 4, 3, 6, 7}, {0, 2, 0, 0, 3, 1}, {3, 3, 2, 1, 1, 4}, {}, {0, 1, 2, 0, 1, 0}, {}, {}},
      2,
      {1, 1, 2, 3, 3, 4},
      4,
      true};
  expect_by_definition(c);
}

// n = 5: relapse at 1, death at 2, censored at 3, relapse and death at 4 of the last two.
TEST(CumulativeIncidence, ByHand) {
  const Case c{{{1, 2, 3, 4, 4}, {}, {}, {}, {1, 2, 0, 1, 2}, {}, {}}, 2, {}, 0, false};
  const CumulativeIncidence out = estimate(c);
  const std::vector<double> none{0.8, 0.6, 0.6, 0.0};
  const std::vector<double> relapse{0.2, 0.2, 0.2, 0.5};
  const std::vector<double> death{0.0, 0.2, 0.2, 0.5};
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_NEAR(out.probability[0][j], none[j], 1e-15);
    EXPECT_NEAR(out.probability[1][j], relapse[j], 1e-15);
    EXPECT_NEAR(out.probability[2][j], death[j], 1e-15);
  }
  EXPECT_NEAR(out.variance[1][0], 0.2 * 0.8 / 5, 1e-15);  // nobody censored yet: binomial
  EXPECT_NEAR(out.variance[2][1], 0.2 * 0.8 / 5, 1e-15);
  EXPECT_EQ(out.variance[0][3], 0);
  EXPECT_EQ(out.at_risk, (std::vector<double>{5, 4, 3, 2}));
  EXPECT_EQ(out.censored, (std::vector<double>{0, 0, 1, 0}));
}

// Without weights and entry times the jackknife is the covariance of (S, F_1, F_2) carried forward
// with multinomial increments.
TEST(CumulativeIncidence, MultinomialIncrements) {
  const Case c = random_case({400, 0, true}, 2, 9600);
  const CumulativeIncidence out = estimate(c);
  Matrix cov(3, Vector(3, 0));
  for (std::size_t j = 0; j < out.time.size(); ++j) {
    const Real n = out.at_risk[j], S = j ? out.probability[0][j - 1] : 1;
    const Vector h{out.events[0][j] / n, out.events[1][j] / n};
    const Matrix M{{1 - h[0] - h[1], 0, 0}, {h[0], 1, 0}, {h[1], 0, 1}};
    const Matrix e{{-1, -1}, {1, 0}, {0, 1}};
    Matrix next(3, Vector(3, 0));
    for (int a = 0; a < 3; ++a) {
      for (int b = 0; b < 3; ++b) {
        for (int x = 0; x < 3; ++x) {
          for (int y = 0; y < 3; ++y) next[a][b] += M[a][x] * cov[x][y] * M[b][y];
        }
        for (int x = 0; x < 2; ++x) {
          for (int y = 0; y < 2; ++y) {
            next[a][b] += S * S / n * e[a][x] * e[b][y] * ((x == y ? h[x] : 0) - h[x] * h[y]);
          }
        }
      }
    }
    cov = next;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(out.variance[k][j], double(cov[k][k]), 1e-15);
  }
}

TEST(CumulativeIncidence, WeightsOfAnySize) {
  Case c = random_case({300, 0, false, false, Weights::cases}, 2, 9650);
  for (std::size_t i = 0; i < 300; ++i) {
    c.data.weight[i] = std::pow(10.0, 6 - 12 * c.data.time[i] / 100);  // late rows weigh nothing
  }
  expect_by_definition(c, 1e-10);
  for (std::size_t i = 0; i < 300; ++i) {
    c.data.weight[i] = std::pow(10.0, 12 * c.data.time[i] / 100 - 6);  // early rows weigh nothing
  }
  expect_by_definition(c, 1e-10);
  const std::vector<double> before = estimate(c).variance[1];
  for (double& w : c.data.weight) w *= 1e100;
  const std::vector<double> after = estimate(c).variance[1];
  for (std::size_t j = 0; j < before.size(); ++j) {
    EXPECT_NEAR(after[j], before[j], 1e-12 * before.back());
  }
}

// What is left of 0.1 + 0.3 + 1e17 when all three are taken away is not quite 0.
TEST(CumulativeIncidence, NobodyIsLeftAtRisk) {
  const Case c{{{5, 20, 25, 30}, {0, 10, 11, 10}, {1, 0.1, 0.3, 1e17}, {}, {1, 2, 0, 1}, {}, {}},
               2,
               {},
               0,
               false};
  const CumulativeIncidence out = estimate(c);
  EXPECT_EQ(out.probability[0][0], 0);
  EXPECT_EQ(out.probability[1], (std::vector<double>{1, 1, 1, 1}));
  EXPECT_EQ(out.variance[1], (std::vector<double>{0, 0, 0, 0}));
}

TEST(CumulativeIncidence, OrderOfRowsAndSplitIntervalsChangeNothing) {
  Case c = random_case({120, 0, true, true}, 3, 9700);
  const CumulativeIncidence whole = estimate(c);
  oracle::Random random(3);
  Case shuffled = c;
  shuffled.data = c.data.take(random.permutation(120));
  EXPECT_EQ(estimate(shuffled).probability, whole.probability);
  // (0, t] as (0, t / 2] and (t / 2, t] of one unit
  Case split = c;
  split.data.entry.assign(120, 0);
  split.clusters = 120;
  for (int i = 0; i < 120; ++i) split.cluster.push_back(i + 1);
  for (std::size_t i = 0; i < 120; ++i) {
    split.data.time.push_back(c.data.time[i] / 2);
    split.data.entry.push_back(0);
    split.data.entry[i] = c.data.time[i] / 2;
    split.data.status.push_back(0);
    split.data.stratum.push_back(c.data.stratum[i]);
    split.cluster.push_back(int(i) + 1);
  }
  const CumulativeIncidence parts = estimate(split);
  for (std::size_t j = 0, p = 0; j < whole.time.size(); ++j, ++p) {
    while (parts.time[p] != whole.time[j]) ++p;
    EXPECT_EQ(parts.probability[1][p], whole.probability[1][j]);
    EXPECT_NEAR(parts.variance[1][p], whole.variance[1][j], 1e-15);
  }
}

TEST(CumulativeIncidence, CloseTimesAreTied) {
  const Case c{{{1, 1 + 1e-10, 2}, {}, {}, {}, {1, 2, 0}, {}, {}}, 2, {}, 0, false};
  EXPECT_EQ(estimate(c).time.size(), 2u);
  CumulativeIncidenceOptions options;
  options.causes = 2;
  EXPECT_EQ(cumulative_incidence(c.data.response(), options, false).time.size(), 3u);
}

// Aalen's sums as they stand, for each time anew.
TEST(CumulativeIncidence, AalenByDefinition) {
  for (const std::uint64_t seed : {9800, 9801, 9802, 9803}) {
    const Case c = random_case({80, 0, seed % 2 == 0}, 3, seed);
    const CumulativeIncidence out = estimate(c, IncidenceVariance::aalen);
    const auto v = [](Real d, Real n) { return d > 1 ? d * (n - d) / (n - 1) : d; };
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t j = 0; j < out.time.size(); ++j) {
        Real sum = 0;
        for (std::size_t u = 0; u <= j; ++u) {
          const Real n = out.at_risk[u], S = u ? out.probability[0][u - 1] : 1;
          const Real d = out.events[0][u] + out.events[1][u] + out.events[2][u];
          if (d == 0) continue;
          const Real own = out.events[k][u];
          const Real rise = Real(out.probability[k + 1][j]) - out.probability[k + 1][u];
          const Real later = n > d ? rise / (n - d) : 0;
          sum += (S / n - later) * (S / n - later) * v(own, n) + later * later * v(d - own, n);
        }
        EXPECT_NEAR(out.variance[k + 1][j], double(sum), 1e-14);
      }
    }
  }
}

TEST(CumulativeIncidence, OfOneCauseIsCertainOnceNobodyIsLeft) {
  Case c = random_case({50, 0, false, false, Weights::cases}, 2, 9940);
  std::fill(c.data.status.begin(), c.data.status.end(), 2);
  const CumulativeIncidence out = estimate(c);
  EXPECT_EQ(out.variance[2], out.variance[0]);
  EXPECT_EQ(out.variance[2].back(), 0);
}

TEST(CumulativeIncidence, SameBitsOnSeveralThreads) {
  for (const bool strata : {false, true}) {
    for (const Weights weights : {Weights::none, Weights::cases}) {
      const Case c = random_case({30000, 0, false, strata, weights}, 2, 9950);
      CumulativeIncidenceOptions options;
      options.causes = 2;
      const CumulativeIncidence one = cumulative_incidence(c.data.response(), options);
      options.execution.threads = 2;
      const CumulativeIncidence two = cumulative_incidence(c.data.response(), options);
      EXPECT_EQ(one.time, two.time);
      EXPECT_EQ(one.probability, two.probability);
      EXPECT_EQ(one.hazard, two.hazard);
      EXPECT_EQ(one.variance, two.variance);
    }
  }
}

TEST(CumulativeIncidence, AsksWhetherToGoOn) {
  const Case c = random_case({10, 0}, 2, 9900);
  CumulativeIncidenceOptions options;
  options.causes = 2;
  options.execution.interrupt = [] { throw 1; };
  EXPECT_THROW(cumulative_incidence(c.data.response(), options), int);
}

}  // namespace
}  // namespace lmsurv
