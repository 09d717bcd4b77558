#include "cox_likelihood.hpp"

#include <gtest/gtest.h>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-12;

struct Case {
  Shape shape;
  Ties ties;
  bool frequency;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  const Shape& s = c.shape;
  return out << s.rows << " rows, method " << int(c.ties) << ", ties " << s.ties << ", strata "
             << s.strata << ", weights " << int(s.weights) << (c.frequency ? " counts" : "")
             << ", offset " << s.offset << ", entry " << s.entry;
}

double range(const StandardDesign& design, std::size_t j) {
  return std::max(1.0, design.reach()[j]) * design.scale()[j];
}

// Value, score and information at several coefficients, in units of the largest that they could be.
void expect_by_definition(const Data& data, Ties ties, bool frequency, std::uint64_t seed) {
  const Response response = data.response();
  const RiskOrder order = build_risk_order(response, true);
  if (order.events() == 0) return;  // test_no_events.cpp
  const RowTerms terms(response, order, frequency);
  const Execution execution;
  const StandardDesign design(data.columns(), order, response.weight, execution);
  CoxLikelihood likelihood(order, design, terms, ties, execution);
  const std::size_t p = data.x.size();
  double deaths = 0;
  for (std::size_t i = 0; i < response.rows; ++i) {
    if (response.status[i]) deaths += response.weight ? response.weight[i] : 1;
  }
  EXPECT_NEAR(likelihood.death_weight(), deaths, kTolerance * deaths);
  const double unit = std::max(1.0, deaths);
  oracle::Random random(seed);
  for (int turn = 0; turn < 2; ++turn) {
    std::vector<double> beta(p);
    Eigen::VectorXd standard(static_cast<Eigen::Index>(p));
    for (std::size_t j = 0; j < p; ++j) {
      beta[j] = turn == 0 ? 0 : random.uniform(-1.5, 1.5);
      standard[Eigen::Index(j)] = beta[j] * design.scale()[j];
    }
    const oracle::Model model(data, oracle::linear_predictors(data, beta), ties, frequency);
    const oracle::Evaluation expected = model.evaluate();
    Evaluation actual;
    likelihood.evaluate(standard, actual);
    EXPECT_LE(oracle::distance(actual.value, expected.value, unit), kTolerance);
    for (std::size_t a = 0; a < p; ++a) {
      const double score = actual.score[Eigen::Index(a)] * design.scale()[a];
      EXPECT_LE(oracle::distance(score, expected.score[a], unit * range(design, a)), kTolerance);
      for (std::size_t b = 0; b < p; ++b) {
        const double i = actual.information(Eigen::Index(a), Eigen::Index(b)) * design.scale()[a] *
                         design.scale()[b];
        const double largest = unit * range(design, a) * range(design, b);
        EXPECT_LE(oracle::distance(i, expected.information[a][b], largest), kTolerance);
      }
    }
  }
}

std::vector<Case> approximate_cases() {
  std::vector<Case> out;
  for (const std::size_t rows : {0, 1, 2, 5, 50, 300}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 3, (bits & 1) != 0, (bits & 2) != 0};
      shape.offset = (bits & 4) != 0;
      shape.entry = (bits & 8) != 0;
      for (const Ties ties : {Ties::efron, Ties::breslow}) {
        for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
          shape.weights = weights;
          out.push_back({shape, ties, false});
          if (weights == Weights::counts) out.push_back({shape, ties, true});
        }
      }
    }
  }
  return out;
}

TEST(CoxLikelihood, EfronAndBreslowByDefinition) {
  std::uint64_t seed = 1000;
  for (const Case& c : approximate_cases()) {
    SCOPED_TRACE(c);
    ++seed;
    expect_by_definition(oracle::random_data(c.shape, seed), c.ties, c.frequency, seed);
  }
}

TEST(CoxLikelihood, ExactByAllSubsets) {
  std::uint64_t seed = 2000;
  for (const std::size_t rows : {0, 1, 2, 5, 12, 60}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 2, rows <= 12 || (bits & 1) != 0, (bits & 2) != 0};
      shape.offset = (bits & 4) != 0;
      shape.entry = (bits & 8) != 0;
      shape.weights = rows <= 12 && (bits & 1) ? Weights::counts : Weights::none;
      SCOPED_TRACE((Case{shape, Ties::exact, true}));
      Data data = oracle::random_data(shape, ++seed);
      // Subsets of a large risk set are countable only when few die at once.
      for (std::size_t i = 0; i < rows && rows > 12; ++i) {
        int together = 0;
        for (std::size_t j = 0; j < i; ++j)
          together += data.time[j] == data.time[i] && data.status[j];
        if (together >= 3) data.status[i] = 0;
      }
      expect_by_definition(data, Ties::exact, true, seed);
    }
  }
}

// The likelihood of all strata is the sum of those of each: nothing leaks from one to the next.
TEST(CoxLikelihood, ManySmallStrata) {
  for (const bool entry : {false, true}) {
    Shape shape{300, 2, true};
    shape.entry = entry;
    Data data = oracle::random_data(shape, 77);
    for (std::size_t i = 0; i < data.rows(); ++i) data.stratum.push_back(int(i * 7 % 61) + 1);
    for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
      expect_by_definition(data, ties, false, 78);
    }
  }
}

// More events than 32 * 32, so that intervals of events reach the third level of blocks. Entry
// times put rows into one block of events, into a few and into many.
TEST(CoxLikelihood, IntervalsOfEventsOfAllLengths) {
  for (const bool strata : {false, true}) {
    Shape shape{2300, 1, false};
    shape.strata = strata;
    Data data = oracle::random_data(shape, 501 + strata);
    oracle::Random random(502);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const double length = data.time[i] * std::pow(random.uniform(), 1 + 6 * random.uniform());
      data.entry.push_back(std::min(data.time[i] - 1e-4, data.time[i] - length));
      data.status[i] = data.stratum_of(i) == 4 ? 0 : random.chance(0.9);
    }
    const oracle::Model model(data, oracle::Vector(data.rows()), Ties::breslow, false);
    EXPECT_GT(model.events().size(), strata ? 900u : 1024u);
    expect_by_definition(data, Ties::efron, false, 503);
  }
}

// Several chunks of rows (risk_sums.cpp), with strata that end within them and one that spans them.
TEST(CoxLikelihood, ManyRows) {
  for (const bool strata : {false, true}) {
    for (const bool entry : {false, true}) {
      Shape shape{28000, 1};
      shape.entry = entry;
      Data data = oracle::random_data(shape, 600 + 2 * strata + entry);
      oracle::Random random(601);
      for (std::size_t i = 0; i < data.rows(); ++i) {
        data.time[i] = entry ? data.entry[i] + random.integer(1, 200) : random.integer(1, 200);
        data.status[i] = random.chance(0.015);
        if (strata) data.stratum.push_back(std::max(1, random.integer(-5, 4)));
      }
      expect_by_definition(data, Ties::efron, false, 602);
    }
  }
}

}  // namespace
}  // namespace lmsurv
