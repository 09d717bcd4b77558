#include "zph.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::distance;
using oracle::Matrix;
using oracle::Real;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-11;

struct Sample {
  Data data;
  Ties ties = Ties::efron;
  bool frequency = false;
  std::vector<double> eta;
  std::vector<double> g;

  FittedModel model(int threads = 1) const {
    FittedModel model{data.response(), eta.data(), ties, frequency, true, {}};
    model.execution.threads = threads;
    return model;
  }
};

Sample sample(const Shape& shape, Ties ties, std::uint64_t seed) {
  Sample out{oracle::random_data(shape, seed), ties, shape.weights == Weights::counts, {}, {}};
  for (std::size_t i = 0; i < shape.rows; ++i) {
    Real eta = 0;
    for (std::size_t j = 0; j < shape.columns; ++j) eta += (j % 2 ? -0.4 : 0.8) * out.data.x[j][i];
    out.eta.push_back(static_cast<double>(eta));
    out.g.push_back(std::sin(out.data.time[i]) - 0.3);  // of both signs
  }
  return out;
}

// By definition: the variance over each step's risk set, row by row.
struct Direct {
  oracle::Vector score;
  std::vector<Matrix> information;  // by power of g
};

Direct direct(const Sample& s) {
  const std::size_t p = s.data.x.size();
  const oracle::Model model(s.data, {s.eta.begin(), s.eta.end()}, s.ties, s.frequency);
  Direct out{oracle::Vector(p, 0), std::vector<Matrix>(3, Matrix(p, oracle::Vector(p, 0)))};
  for (const oracle::Event& event : model.events()) {
    const Real g = s.g[event.deaths[0]];
    for (const std::size_t i : event.deaths) {
      for (std::size_t a = 0; a < p; ++a) {
        out.score[a] += g * s.data.weight_of(i) * Real(s.data.x[a][i]);
      }
    }
    for (const oracle::Step& step : event.steps) {
      for (std::size_t a = 0; a < p; ++a) out.score[a] -= g * step.weight * step.mean[a];
      for (const std::size_t i : event.risk) {
        const Real chance = s.data.weight_of(i) * std::exp(Real(s.eta[i])) *
                            (event.dies(i) ? 1 - step.share : 1) / step.denominator;
        for (std::size_t a = 0; a < p; ++a) {
          for (std::size_t b = 0; b < p; ++b) {
            const Real v = step.weight * chance * (s.data.x[a][i] - step.mean[a]) *
                           (s.data.x[b][i] - step.mean[b]);
            out.information[0][a][b] += v;
            out.information[1][a][b] += g * v;
            out.information[2][a][b] += g * g * v;
          }
        }
      }
    }
  }
  return out;
}

void expect_equal(const Eigen::MatrixXd& actual, const Matrix& expected, Real unit) {
  for (std::size_t a = 0; a < expected.size(); ++a) {
    for (std::size_t b = 0; b < expected.size(); ++b) {
      EXPECT_LE(distance(actual(Eigen::Index(a), Eigen::Index(b)), expected[a][b], unit),
                kTolerance);
    }
  }
}

void expect_by_definition(const Sample& s) {
  const Direct expected = direct(s);
  const TimeScore actual = time_score(s.data.columns(), s.model(), s.g.data());
  const Real unit = 1 + s.data.rows();
  for (std::size_t a = 0; a < expected.score.size(); ++a) {
    EXPECT_LE(distance(actual.score(Eigen::Index(a)), expected.score[a], unit), kTolerance);
  }
  expect_equal(actual.information, expected.information[0], unit);
  expect_equal(actual.cross, expected.information[1], unit);
  expect_equal(actual.square, expected.information[2], unit);
}

TEST(TimeScore, ByDefinition) {
  std::uint64_t seed = 7500;
  for (const std::size_t rows : {1, 2, 5, 50, 200}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 3, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
        for (const Ties ties : {Ties::efron, Ties::breslow}) {
          shape.weights = weights;
          SCOPED_TRACE(++seed);
          expect_by_definition(sample(shape, ties, seed));
        }
      }
    }
  }
}

// Two columns at three events: x = 1 at the deaths of the first and the third.
// Risk sets {1, 0, 1, 0}, {0, 1, 0}, {1, 0}, all with weight 1: means 1/2, 1/3, 1/2 and variances
// 1/4, 2/9, 1/4.
TEST(TimeScore, ByHand) {
  const Sample s{{{1, 2, 3, 4}, {}, {}, {}, {1, 1, 1, 0}, {}, {{1, 0, 1, 0}}},
                 Ties::efron,
                 false,
                 {0, 0, 0, 0},
                 {-1, 0, 2, 9}};
  const TimeScore t = time_score(s.data.columns(), s.model(), s.g.data());
  EXPECT_NEAR(t.score(0), -0.5 + 2 * 0.5, 1e-15);
  EXPECT_NEAR(t.information(0, 0), 0.5 + 2.0 / 9, 1e-15);
  EXPECT_NEAR(t.cross(0, 0), -0.25 + 0.5, 1e-15);
  EXPECT_NEAR(t.square(0, 0), 0.25 + 1, 1e-15);
}

TEST(TimeScore, ManyColumnsAndRows) {
  Shape shape{1500, 7, true, true, Weights::cases};
  shape.entry = true;
  expect_by_definition(sample(shape, Ties::efron, 7900));
}

TEST(TimeScore, SameBitsOnTwoThreads) {
  for (const bool entry : {false, true}) {
    Shape shape{5000, 4, true, true, Weights::cases};
    shape.entry = entry;
    const Sample s = sample(shape, Ties::efron, 7950);
    const TimeScore one = time_score(s.data.columns(), s.model(1), s.g.data());
    const TimeScore two = time_score(s.data.columns(), s.model(2), s.g.data());
    EXPECT_EQ(one.score, two.score);
    EXPECT_EQ(one.information, two.information);
    EXPECT_EQ(one.cross, two.cross);
    EXPECT_EQ(one.square, two.square);
  }
}

TEST(TimeScore, AnEventWithoutWeightAtRiskIsNone) {
  Sample s{{{1, 2, 3, 4}, {}, {1, 1, 1, 0}, {}, {1, 1, 0, 1}, {}, {{1, 0, 1, 0}}},
           Ties::efron,
           false,
           {0, 0, 0, 0},
           {-1, 0, 2, 9}};
  const TimeScore all = time_score(s.data.columns(), s.model(), s.g.data());
  s.data.status[3] = 0;
  const TimeScore without = time_score(s.data.columns(), s.model(), s.g.data());
  EXPECT_NEAR(all.score(0), without.score(0), 1e-15);
  EXPECT_NEAR(all.square(0, 0), without.square(0, 0), 1e-15);
}

TEST(TimeScore, WithoutEvents) {
  const Sample s{{{1, 2}, {}, {}, {}, {0, 0}, {}, {{1, 0}}}, Ties::efron, false, {0, 0}, {1, 2}};
  const TimeScore t = time_score(s.data.columns(), s.model(), s.g.data());
  EXPECT_EQ(t.score(0), 0);
  EXPECT_EQ(t.square(0, 0), 0);
}

}  // namespace
}  // namespace lmsurv
