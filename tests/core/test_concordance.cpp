#include "concordance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using oracle::distance;
using oracle::Real;
using oracle::Shape;
using oracle::Weights;

constexpr double kTolerance = 1e-12;

struct Direct {
  Real concordant = 0, discordant = 0, tied_score = 0, tied_time = 0, tied_both = 0;
  Real index = 0, standard_error = 0;
};

// All ordered pairs. The standard error is that of the infinitesimal jackknife: the derivative of
// the index with respect to the weight of each row, by the rule of the quotient.
Direct all_pairs(const Data& data, const std::vector<double>& score,
                 const std::vector<int>& cluster = {}) {
  Direct out;
  const std::size_t n = data.rows();
  oracle::Vector top(n, 0), bottom(n, 0);  // derivatives of the index's two parts
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || !data.status[i] || data.stratum_of(i) != data.stratum_of(j)) continue;
      const Real wi = data.weight_of(i), wj = data.weight_of(j);
      if (data.status[j] && data.time[j] == data.time[i]) {
        if (j < i) (score[i] == score[j] ? out.tied_both : out.tied_time) += wi * wj;
        continue;
      }
      if (data.time[j] < data.time[i]) continue;
      if (!data.entry.empty() && data.entry[j] >= data.time[i]) continue;
      const Real worth = score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5L : 0;
      (worth == 1 ? out.concordant : worth == 0 ? out.discordant : out.tied_score) += wi * wj;
      top[i] += wj * worth;
      top[j] += wi * worth;
      bottom[i] += wj;
      bottom[j] += wi;
    }
  }
  const Real pairs = out.concordant + out.discordant + out.tied_score;
  const Real good = out.concordant + out.tied_score / 2;
  out.index = good / pairs;
  oracle::Vector influence(n + 1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    influence[cluster.empty() ? i : std::size_t(cluster[i])] +=
        data.weight_of(i) * (top[i] * pairs - good * bottom[i]) / (pairs * pairs);
  }
  for (const Real part : influence) out.standard_error += part * part;
  out.standard_error = std::sqrt(out.standard_error);
  return out;
}

void expect_by_all_pairs(const Data& data, const std::vector<double>& score) {
  const Direct expected = all_pairs(data, score);
  const Concordance actual = concordance(data.response(), score.data(), {});
  const Real unit = expected.concordant + expected.discordant + expected.tied_score + 1;
  EXPECT_LE(distance(actual.concordant, expected.concordant, unit), kTolerance);
  EXPECT_LE(distance(actual.discordant, expected.discordant, unit), kTolerance);
  EXPECT_LE(distance(actual.tied_score, expected.tied_score, unit), kTolerance);
  EXPECT_LE(distance(actual.tied_time, expected.tied_time, unit), kTolerance);
  EXPECT_LE(distance(actual.tied_both, expected.tied_both, unit), kTolerance);
  if (std::isnan(expected.index)) {
    EXPECT_TRUE(std::isnan(actual.index));
  } else {
    EXPECT_LE(distance(actual.index, expected.index, 1), kTolerance);
    EXPECT_LE(distance(actual.standard_error, expected.standard_error, 1), kTolerance);
  }
}

TEST(Concordance, ByAllPairs) {
  std::uint64_t seed = 6000;
  for (const std::size_t rows : {0, 1, 2, 5, 50, 300}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 1, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
        shape.weights = weights;
        const Data data = oracle::random_data(shape, ++seed);
        std::vector<double> score = data.x[0];
        if (bits & 8) {
          for (double& s : score) s = std::round(2 * s);  // tied scores
        }
        SCOPED_TRACE(seed);
        expect_by_all_pairs(data, score);
      }
    }
  }
}

// What a pair weighs at the death of row d, with the Kaplan-Meier curves of its stratum taken by
// the product over their times.
Real weight_at(const Data& data, std::size_t d, PairWeight kind) {
  const Real t = data.time[d];
  const auto mine = [&](std::size_t i) { return data.stratum_of(i) == data.stratum_of(d); };
  const auto at_risk = [&](Real u) {
    Real sum = 0;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const bool entered = data.entry.empty() || data.entry[i] < u;
      if (mine(i) && entered && data.time[i] >= u) sum += data.weight_of(i);
    }
    return sum;
  };
  const auto leaving = [&](Real u, int status) {
    Real sum = 0;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (mine(i) && data.time[i] == u && data.status[i] == status) sum += data.weight_of(i);
    }
    return sum;
  };
  Real survival = 1, uncensored = 1, total = 0;
  int deaths = 0;
  std::set<Real> times;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (!mine(i)) continue;
    total += data.weight_of(i);
    deaths += data.status[i];
    if (data.time[i] < t) times.insert(data.time[i]);
  }
  if (deaths < 2) return 1;
  for (const Real u : times) {
    const Real n = at_risk(u), dead = leaving(u, 1);
    survival *= n > 0 ? 1 - dead / n : 1;
    uncensored *= n - dead > 0 ? 1 - leaving(u, 0) / (n - dead) : 1;
  }
  switch (kind) {
    case PairWeight::survival:
      return total * survival / at_risk(t);
    case PairWeight::survival_uncensored:
      return total * survival / (uncensored * at_risk(t));
    case PairWeight::uncensored_squared:
      return 1 / (uncensored * uncensored);
    case PairWeight::one_time:
      return 1 / at_risk(t);
    default:
      return 1;
  }
}

TEST(Concordance, WeightsByTimeAreThoseOfTheCurves) {
  std::uint64_t seed = 6800;
  for (int bits = 0; bits < 8; ++bits) {
    Shape shape{40, 1, (bits & 1) != 0, (bits & 2) != 0, Weights::cases};
    shape.entry = (bits & 4) != 0;
    const Data data = oracle::random_data(shape, ++seed);
    const std::vector<double>& score = data.x[0];
    for (const PairWeight kind : {PairWeight::survival, PairWeight::survival_uncensored,
                                  PairWeight::uncensored_squared, PairWeight::one_time}) {
      const bool censoring =
          kind == PairWeight::survival_uncensored || kind == PairWeight::uncensored_squared;
      if (shape.entry && censoring) continue;
      Real concordant = 0, discordant = 0;
      for (std::size_t i = 0; i < data.rows(); ++i) {
        if (!data.status[i]) continue;
        const Real worth = weight_at(data, i, kind) * data.weight_of(i);
        for (std::size_t j = 0; j < data.rows(); ++j) {
          const bool beyond =
              data.time[j] > data.time[i] || (data.time[j] == data.time[i] && !data.status[j]);
          const bool entered = data.entry.empty() || data.entry[j] < data.time[i];
          if (!beyond || !entered || data.stratum_of(i) != data.stratum_of(j)) continue;
          if (score[i] > score[j]) concordant += worth * data.weight_of(j);
          if (score[i] < score[j]) discordant += worth * data.weight_of(j);
        }
      }
      ConcordanceOptions options;
      options.pair_weight = kind;
      const Concordance actual = concordance(data.response(), score.data(), options);
      SCOPED_TRACE(seed);
      EXPECT_LE(distance(actual.concordant, concordant, 1 + concordant), kTolerance);
      EXPECT_LE(distance(actual.discordant, discordant, 1 + discordant), kTolerance);
    }
  }
}

TEST(Concordance, ManyRowsWithEntry) {
  Shape shape{1500, 1, false, true, Weights::cases};
  shape.entry = true;
  const Data data = oracle::random_data(shape, 6500);
  expect_by_all_pairs(data, data.x[0]);
}

TEST(Concordance, StandardErrorOverClusters) {
  for (const bool strata : {false, true}) {
    Shape shape{200, 1, true, strata, Weights::cases};
    shape.entry = true;
    const Data data = oracle::random_data(shape, 6550);
    std::vector<int> cluster(200);
    for (std::size_t i = 0; i < 200; ++i) cluster[i] = int(i * i % 17) + 1;
    const Direct expected = all_pairs(data, data.x[0], cluster);
    const Concordance actual =
        concordance(data.response(), data.x[0].data(), {false, true, cluster.data(), 17, {}});
    EXPECT_LE(distance(actual.index, expected.index, 1), kTolerance);
    EXPECT_LE(distance(actual.standard_error, expected.standard_error, 0), kTolerance);
  }
}

TEST(Concordance, ReversedScoresSwapTheCounts) {
  const Data data = oracle::random_data({200, 1}, 6600);
  std::vector<double> reversed = data.x[0];
  for (double& s : reversed) s = -s;
  const Concordance a = concordance(data.response(), data.x[0].data(), {});
  const Concordance b = concordance(data.response(), reversed.data(), {});
  EXPECT_EQ(a.concordant, b.discordant);
  EXPECT_EQ(a.discordant, b.concordant);
  EXPECT_EQ(a.tied_time, b.tied_time);
  EXPECT_LE(distance(a.index + b.index, 1, 1), kTolerance);
  EXPECT_LE(distance(a.standard_error, b.standard_error, 0), kTolerance);
}

TEST(Concordance, HighScoresThatDieFirstAreConcordant) {
  const Data data{{1, 2, 3, 4}, {}, {}, {}, {1, 1, 0, 1}, {}, {}};
  const std::vector<double> score{9, 5, 1, -2};
  const Concordance c = concordance(data.response(), score.data(), {});
  EXPECT_EQ(c.concordant, 5);
  EXPECT_EQ(c.index, 1);
  EXPECT_EQ(c.standard_error, 0);
}

TEST(Concordance, CloseTimesAreTied) {
  const Data data{{1, 1 + 1e-10, 2}, {}, {}, {}, {1, 1, 0}, {}, {}};
  const std::vector<double> score{1, 2, 0};
  EXPECT_EQ(concordance(data.response(), score.data(), {}).tied_time, 1);
  EXPECT_EQ(concordance(data.response(), score.data(), {false, false, nullptr, 0, {}}).tied_time,
            0);
}

}  // namespace
}  // namespace lmsurv
