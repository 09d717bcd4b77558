#include "cox_residuals.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cox_samples.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;
using oracle::distance;

constexpr double kTolerance = 1e-11;

// exp(eta) times the hazard grows with the rows; `unit` keeps the errors relative to it.
double unit_of(const Sample& sample) {
  double unit = 1;
  for (const oracle::Real m : sample.direct().martingale()) {
    unit = std::max(unit, std::fabs(double(m)));
  }
  return unit;
}

TEST(CoxResiduals, Martingale) {
  for_samples(4000, [](const Sample& sample) {
    const oracle::Vector expected = sample.direct().martingale();
    const std::vector<double> actual = martingale_residuals(sample.model());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_LE(distance(actual[i], expected[i], 1), kTolerance) << "row " << i;
    }
  });
}

TEST(CoxResiduals, Deviance) {
  for_samples(4000, [](const Sample& sample) {
    const oracle::Vector martingale = sample.direct().martingale();
    const std::vector<double> actual = deviance_residuals(sample.model());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      const oracle::Real m = martingale[i];
      const oracle::Real log = sample.data.status[i] ? std::log(1 - m) : 0;
      // The square has the precision of the sum; its root near zero has not.
      ASSERT_LE(distance(actual[i] * actual[i], -2 * (m + log), 1), kTolerance) << "row " << i;
      ASSERT_TRUE(std::fabs(m) <= kTolerance || std::signbit(actual[i]) == std::signbit(m));
    }
  });
}

TEST(CoxResiduals, ScoreAndItsMultiples) {
  for_samples(4000, [](const Sample& sample) {
    const oracle::Matrix expected = sample.direct().score_residuals();
    const RowMatrix actual = score_residuals(sample.data.columns(), sample.model());
    const double unit = 4 * unit_of(sample);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // A death of no weight is no event; what its residual would be is left open.
      if (sample.data.status[i] && sample.data.weight_of(i) <= 0) continue;
      for (std::size_t j = 0; j < 2; ++j) {
        ASSERT_LE(distance(actual(Index(i), Index(j)), expected[i][j], unit), kTolerance)
            << "row " << i;
      }
    }
    Eigen::MatrixXd variance(2, 2);
    variance << 0.5, 0.1, 0.1, 0.25;
    const RowMatrix dfbeta = actual * variance, scale = Eigen::Vector2d(0.5, 0.25).cwiseSqrt();
    const RowMatrix a = dfbeta_residuals(sample.data.columns(), sample.model(), variance);
    const RowMatrix b = dfbetas_residuals(sample.data.columns(), sample.model(), variance);
    EXPECT_LE((a - dfbeta).cwiseAbs().maxCoeff(), kTolerance * unit);
    for (Index j = 0; j < 2; ++j) {
      EXPECT_LE((b.col(j) - dfbeta.col(j) / scale(j, 0)).cwiseAbs().maxCoeff(), kTolerance * unit);
    }
  });
}

TEST(CoxResiduals, TheWeightedScoreResidualsSumToTheScore) {
  for_samples(4000, [](const Sample& sample) {
    if (sample.ties == Ties::exact) return;
    const oracle::Evaluation expected = sample.direct().evaluate();
    const ScoreMeat meat = score_meat(sample.data.columns(), sample.model(), nullptr, 0);
    const double unit = 4 * unit_of(sample) * double(sample.data.rows());
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_LE(distance(meat.score[Index(j)], expected.score[j], unit), kTolerance);
    }
  });
}

TEST(CoxResiduals, Schoenfeld) {
  for_samples(4000, [](const Sample& sample) {
    const oracle::Model direct = sample.direct();
    const SchoenfeldResiduals actual = schoenfeld_residuals(sample.data.columns(), sample.model());
    const Eigen::Vector2d beta(0.8, -0.4);
    Eigen::MatrixXd variance(2, 2);
    variance << 0.5, 0.1, 0.1, 0.25;
    const SchoenfeldResiduals scaled =
        scaled_schoenfeld_residuals(sample.data.columns(), sample.model(), beta, variance);
    EXPECT_EQ(scaled.row, actual.row);
    EXPECT_EQ(scaled.time, actual.time);
    std::size_t d = 0;
    for (const oracle::Event& event : direct.events()) {
      for (const std::size_t row : event.deaths) {
        ASSERT_LT(d, actual.row.size());
        ASSERT_EQ(actual.row[d], int(row));
        EXPECT_EQ(actual.time[d], event.time);
        const Eigen::RowVectorXd r = actual.residuals.row(Index(d));
        for (std::size_t j = 0; j < 2 && event.death_weight > 0; ++j) {
          const oracle::Real expected = sample.data.x[j][row] - direct.mean(event)[j];
          ASSERT_LE(distance(r[Index(j)], expected, 4), kTolerance);
        }
        const Eigen::RowVectorXd expected =
            double(actual.row.size()) * r * variance + beta.transpose();
        EXPECT_LE((scaled.residuals.row(Index(d)) - expected).cwiseAbs().maxCoeff(),
                  kTolerance * double(actual.row.size()));
        ++d;
      }
    }
    EXPECT_EQ(d, actual.row.size());
  });
}

// By rows, a row of count w standing for w of them, and by clusters.
TEST(CoxResiduals, MeatOfTheSandwich) {
  for_samples(4000, [](const Sample& sample) {
    const oracle::Matrix u = sample.direct().score_residuals();
    const int clusters = 7;
    std::vector<int> cluster(u.size());
    oracle::Matrix sums(clusters, oracle::Vector(2, 0));
    oracle::Matrix rows(2, oracle::Vector(2, 0)), grouped = rows;
    for (std::size_t i = 0; i < u.size(); ++i) {
      cluster[i] = int(i * i % clusters) + 1;
      const oracle::Real w = sample.data.weight_of(i);
      for (std::size_t a = 0; a < 2; ++a) {
        sums[std::size_t(cluster[i] - 1)][a] += w * u[i][a];
        for (std::size_t b = 0; b < 2; ++b) {
          rows[a][b] += (sample.frequency ? w : w * w) * u[i][a] * u[i][b];
        }
      }
    }
    for (const oracle::Vector& s : sums) {
      for (std::size_t a = 0; a < 2; ++a) {
        for (std::size_t b = 0; b < 2; ++b) grouped[a][b] += s[a] * s[b];
      }
    }
    const ScoreMeat by_row = score_meat(sample.data.columns(), sample.model(), nullptr, 0);
    const ScoreMeat by_cluster =
        score_meat(sample.data.columns(), sample.model(), cluster.data(), clusters);
    const double unit = unit_of(sample) * unit_of(sample);
    for (std::size_t a = 0; a < 2; ++a) {
      EXPECT_LE(
          distance(by_row.score[Index(a)], by_cluster.score[Index(a)], unit * double(u.size())),
          kTolerance);
      for (std::size_t b = 0; b < 2; ++b) {
        const oracle::Real size = std::sqrt(rows[a][a] * rows[b][b]) + unit;
        EXPECT_LE(distance(by_row.meat(Index(a), Index(b)), rows[a][b], size), kTolerance);
        EXPECT_LE(distance(by_cluster.meat(Index(a), Index(b)), grouped[a][b], size), kTolerance);
      }
    }
  });
}

}  // namespace
}  // namespace lmsurv
