#include "newton.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lmsurv {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kTolerance = 1e-12;

NewtonOptions options_for(Eigen::Index p) {
  NewtonOptions options;
  options.reach.assign(std::size_t(p), 1.0);
  return options;
}

// value -(b - centre)' h (b - centre) / 2
Objective quadratic(const MatrixXd& h, const VectorXd& centre) {
  return [=](const VectorXd& b, Evaluation& out) {
    const VectorXd away = b - centre;
    out.value = -0.5 * away.dot(h * away);
    out.score = -h * away;
    out.information = h;
  };
}

// A concave function of one coordinate from its value and first two derivatives.
template <class Value, class First, class Second>
Objective curve(Value value, First first, Second second) {
  return [=](const VectorXd& b, Evaluation& out) {
    out.value = value(b[0]);
    out.score = VectorXd::Constant(1, first(b[0]));
    out.information = MatrixXd::Constant(1, 1, -second(b[0]));
  };
}

TEST(Newton, AQuadraticTakesOneStep) {
  MatrixXd h(3, 3);
  h << 4, 1, 0.5, 1, 3, -1, 0.5, -1, 2;
  const VectorXd centre = (VectorXd(3) << 1, -2, 3).finished();
  const NewtonResult result = maximise(quadratic(h, centre), VectorXd::Zero(3), options_for(3));
  EXPECT_TRUE(result.converged);
  EXPECT_LE((result.estimate - centre).cwiseAbs().maxCoeff(), kTolerance);
  EXPECT_LE((result.inverse * h - MatrixXd::Identity(3, 3)).cwiseAbs().maxCoeff(), kTolerance);
  EXPECT_EQ(result.inverse, result.inverse.transpose());
  // score' inverse score at zero is centre' h centre
  EXPECT_NEAR(result.score_test, centre.dot(h * centre), kTolerance * result.score_test);
  EXPECT_NEAR(result.initial.value, -result.score_test / 2, kTolerance * result.score_test);
  EXPECT_LE(result.iterations, 3);
  EXPECT_EQ(result.aliased, std::vector<bool>(3, false));
  EXPECT_EQ(result.diverging, std::vector<int>(3, 0));
}

TEST(Newton, NoCoordinates) {
  const NewtonResult result =
      maximise(quadratic(MatrixXd(0, 0), VectorXd(0)), VectorXd(0), options_for(0));
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.score_test, 0);
}

TEST(Newton, TheLaterOfDependentCoordinatesIsAliased) {
  // Coordinates 2 and 4 are combinations of earlier ones, coordinate 1 has no information.
  MatrixXd a(3, 5);
  a << 2, 0, -4, 1, 3, 1, 0, -2, 0, 1, 0, 0, 0, 5, 5;
  const MatrixXd h = a.transpose() * a;
  const VectorXd centre = (VectorXd(5) << 1, 0, 0, -1, 0).finished();
  const NewtonResult result = maximise(quadratic(h, centre), VectorXd::Zero(5), options_for(5));
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.aliased, (std::vector<bool>{false, true, true, false, true}));
  EXPECT_LE((result.estimate - centre).cwiseAbs().maxCoeff(), kTolerance);
  for (const int j : {1, 2, 4}) {
    EXPECT_EQ(result.inverse.row(j).cwiseAbs().sum(), 0);
    EXPECT_EQ(result.inverse.col(j).cwiseAbs().sum(), 0);
  }
  EXPECT_EQ(result.diverging, std::vector<int>(5, 0));
}

TEST(Newton, AMonotoneFunctionDivergesInItsDirection) {
  for (const int sign : {1, -1}) {
    const auto rising = curve([=](double b) { return -std::log1p(std::exp(-sign * b)); },
                              [=](double b) { return sign / (1 + std::exp(sign * b)); },
                              [=](double b) { return -0.25 / std::pow(std::cosh(b / 2), 2); });
    const NewtonResult result = maximise(rising, VectorXd::Zero(1), options_for(1));
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.diverging, std::vector<int>{sign});
    EXPECT_TRUE(std::isfinite(result.estimate[0]));
  }
}

// sqrt(1 + b^2): Newton's full step from b is to -b^3.
const Objective kOvershooting = curve([](double b) { return -std::sqrt(1 + b * b); },
                                      [](double b) { return -b / std::sqrt(1 + b * b); },
                                      [](double b) { return -std::pow(1 + b * b, -1.5); });

TEST(Newton, HalvesAStepThatOvershoots) {
  for (const double start : {1.5, -4.0, 30.0}) {
    const NewtonResult result =
        maximise(kOvershooting, VectorXd::Constant(1, start), options_for(1));
    EXPECT_TRUE(result.converged) << start;
    EXPECT_NEAR(result.estimate[0], 0, 1e-9) << start;
    EXPECT_NEAR(result.inverse(0, 0), 1, 1e-9) << start;
    EXPECT_GE(result.final.value, result.initial.value);
  }
}

TEST(Newton, HalvesAStepWhereTheFunctionIsNotFinite) {
  // log b - b / 10: the full step from 30 is to -30, where the value is not defined.
  const auto objective =
      curve([](double b) { return std::log(b) - b / 10; }, [](double b) { return 1 / b - 0.1; },
            [](double b) { return -1 / (b * b); });
  const NewtonResult result = maximise(objective, VectorXd::Constant(1, 30), options_for(1));
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.estimate[0], 10, 1e-9);
}

TEST(Newton, HalvesAStepThatLosesRank) {
  // log cosh: without curvature from |b| = 40 on; the full step from 2.5 is to about -34.
  const auto objective = curve([](double b) { return -std::log(std::cosh(b)); },
                               [](double b) { return -std::tanh(b); },
                               [](double b) { return -1 / std::pow(std::cosh(b), 2); });
  const NewtonResult result = maximise(objective, VectorXd::Constant(1, 2.5), options_for(1));
  EXPECT_TRUE(result.converged);
  EXPECT_FALSE(result.aliased[0]);
  EXPECT_NEAR(result.estimate[0], 0, 1e-9);
}

// Little information makes for small gains and large steps, but they still shrink quadratically.
TEST(Newton, LittleInformationIsNotDivergence) {
  const double part = 1e-9;
  const auto faint = [=](const VectorXd& b, Evaluation& out) {
    kOvershooting(b, out);
    out.value *= part;
    out.score *= part;
    out.information *= part;
  };
  const NewtonResult result = maximise(faint, VectorXd::Constant(1, 0.3), options_for(1));
  EXPECT_EQ(result.diverging, std::vector<int>{0});
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.estimate[0], 0, 1e-5);
}

TEST(Newton, StopsAfterTheLastAllowedIteration) {
  NewtonOptions options = options_for(1);
  options.iter_max = 2;
  const NewtonResult result = maximise(kOvershooting, VectorXd::Constant(1, 50), options);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.iterations, 2);
  options.iter_max = 0;
  const NewtonResult none = maximise(kOvershooting, VectorXd::Constant(1, 0.5), options);
  EXPECT_EQ(none.iterations, 0);
  EXPECT_EQ(none.estimate[0], 0.5);
  EXPECT_EQ(none.final.value, none.initial.value);
  EXPECT_NEAR(none.inverse(0, 0), std::pow(1.25, 1.5), kTolerance);
}

TEST(Newton, AStartThatIsNotFiniteIsReturned) {
  const auto objective = [](const VectorXd&, Evaluation& out) {
    out.value = std::numeric_limits<double>::quiet_NaN();
    out.score = VectorXd::Zero(1);
    out.information = MatrixXd::Identity(1, 1);
  };
  const NewtonResult result = maximise(objective, VectorXd::Constant(1, 3), options_for(1));
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.estimate[0], 3);
}

NewtonOptions penalised_options() {
  NewtonOptions options = options_for(1);
  options.penalised = true;
  return options;
}

// The information is ten times the curvature: its steps reach a tenth of the way each.
TEST(Newton, APenalisedFunctionTellsTheCurvatureThatIsUnseen) {
  const Objective flat =
      curve([](double b) { return -0.5e-8 * (b - 1) * (b - 1); },
            [](double b) { return -1e-8 * (b - 1); }, [](double) { return -1e-7; });
  const NewtonResult plain = maximise(flat, VectorXd::Zero(1), options_for(1));
  EXPECT_EQ(plain.diverging[0], 1);
  const NewtonResult result = maximise(flat, VectorXd::Zero(1), penalised_options());
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.diverging[0], 0);
  EXPECT_NEAR(result.estimate[0], 1, 1e-5);
  EXPECT_LE(result.iterations, 3);
  EXPECT_NEAR(result.inverse(0, 0), 1e7, 1e-3);
}

// Every step ends where there is no value, and is halved.
TEST(Newton, APenalisedFunctionMayOverflowOften) {
  const Objective wall =
      curve([](double b) { return b < 1 ? 1000 * b + std::log(1 - b) : -HUGE_VAL; },
            [](double b) { return 1000 - 1 / (1 - b); }, [](double) { return -1.0; });
  const NewtonResult result = maximise(wall, VectorXd::Zero(1), penalised_options());
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.diverging[0], 0);
  EXPECT_NEAR(result.estimate[0], 0.999, kTolerance);
}

// Where the function is not concave, or its information falls away, what was learnt may leave no
// ascent: the information alone does.
TEST(Newton, APenalisedFunctionNeedNotBeConcave) {
  for (int turn = 1; turn <= 400; ++turn) {
    const double wave = 0.2 + 0.01 * (turn % 97), speed = 0.5 + 0.05 * (turn % 61);
    const double fall = 0.05 * (turn % 41);
    const Objective waves =
        curve([=](double b) { return -0.05 * (b - 8) * (b - 8) + wave * std::sin(speed * b); },
              [=](double b) { return -0.1 * (b - 8) + wave * speed * std::cos(speed * b); },
              [=](double b) { return -0.02 - 4 * std::exp(-fall * b * b); });
    const NewtonResult result = maximise(waves, VectorXd::Zero(1), penalised_options());
    EXPECT_TRUE(result.converged) << turn;
    EXPECT_NEAR(result.final.score[0], 0, 1e-9) << turn;
    EXPECT_GE(result.final.value, result.initial.value) << turn;
  }
}

// The first step is some 1e11 times too long.
TEST(Newton, APenalisedFunctionMayHaveHardlyAnyInformation) {
  const Objective roof = curve([](double b) { return 1 - std::sqrt(1 + (b - 1) * (b - 1)); },
                               [](double b) { return (1 - b) / std::sqrt(1 + (b - 1) * (b - 1)); },
                               [](double) { return -2e-12; });
  const NewtonResult result = maximise(roof, VectorXd::Zero(1), penalised_options());
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.estimate[0], 1, 1e-9);
}

TEST(Newton, AHeldCoordinateStays) {
  MatrixXd h(2, 2);
  h << 2, 1, 1, 3;
  NewtonOptions options = options_for(2);
  options.held = {false, true};
  const VectorXd start = VectorXd::Constant(2, 4);
  const NewtonResult result = maximise(quadratic(h, VectorXd::Zero(2)), start, options);
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.estimate[1], 4);
  EXPECT_NEAR(result.estimate[0], -2, kTolerance);
  EXPECT_EQ(result.inverse(1, 1), 0);
  EXPECT_NEAR(result.inverse(0, 0), 0.5, kTolerance);
  EXPECT_FALSE(result.aliased[1]);
}

}  // namespace
}  // namespace lmsurv
