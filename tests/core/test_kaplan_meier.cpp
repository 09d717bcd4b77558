#include "kaplan_meier.hpp"

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
using Values = std::vector<double>;

constexpr double kTolerance = 1e-12;

struct Curves {
  std::vector<std::size_t> begin;
  Values time, at_risk, events, censored, entered, survival, std_err, hazard, std_hazard, lower,
      upper;
  std::size_t points() const { return time.size(); }
};

Curves fit(const Data& data, const CurveOptions& options = {}, bool merge = true) {
  const Response response = data.response();
  const CurvePoints points = find_curve_points(response, merge);
  Curves c;
  c.begin = points.begin;
  const bool entry = !data.entry.empty();
  for (Values* column : {&c.time, &c.at_risk, &c.events, &c.censored, &c.survival, &c.std_err,
                         &c.hazard, &c.std_hazard, &c.lower, &c.upper}) {
    column->resize(points.begin.back());
  }
  if (entry) c.entered.resize(points.begin.back());
  fit_curves(response, points, options,
             {c.time.data(),
              c.at_risk.data(),
              c.events.data(),
              c.censored.data(),
              c.entered.data(),
              c.survival.data(),
              c.std_err.data(),
              c.hazard.data(),
              c.std_hazard.data(),
              {c.lower.data(), c.upper.data()}});
  return c;
}

// A value and its derivative with respect to the weight of one row.
struct Dual {
  Real value = 0, slope = 0;
};
Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
Dual operator/(Dual a, Dual b) {
  return {a.value / b.value, (a.slope - a.value / b.value * b.slope) / b.value};
}

struct Point {
  Dual survival{1, 0}, hazard;
  Real at_risk = 0, events = 0, censored = 0, greenwood = 0, variance = 0;
};

bool is_event(const Data& data, std::size_t i, bool reverse) {
  return (data.status[i] != 0) != reverse;
}

// The estimate at `time` of a group by its definition, and its derivative by the weight of `row`.
Point by_definition(const Data& data, int group, double time, const CurveOptions& options,
                    std::size_t row) {
  std::set<double> times;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (data.stratum_of(i) == group && data.time[i] <= time) times.insert(data.time[i]);
  }
  Point out;
  for (const double t : times) {
    Dual at_risk, deaths;
    Real rows = 0, censored = 0;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.stratum_of(i) != group || data.time[i] < t) continue;
      if (!data.entry.empty() && data.entry[i] >= t) continue;
      const Dual w{Real(data.weight_of(i)), i == row ? 1.0L : 0.0L};
      at_risk = at_risk + w;
      if (data.time[i] != t) continue;
      if (is_event(data, i, options.reverse)) {
        deaths = deaths + w;
        rows += options.frequency ? data.weight_of(i) : data.weight_of(i) > 0;
      } else {
        censored += data.weight_of(i);
      }
    }
    out.at_risk = at_risk.value;
    out.events = deaths.value;
    out.censored = censored;
    if (deaths.value == 0) continue;
    const Dual share = deaths / at_risk;
    if (options.type == CurveType::fleming_harrington) {
      const Dual mean = deaths / Dual{rows, 0};
      for (Real k = 0; k < rows; ++k) {
        const Dual step = mean / (at_risk - Dual{k, 0} * mean);
        out.hazard = out.hazard + step;
        out.variance += step.value * step.value / mean.value;
      }
    } else {
      out.hazard = out.hazard + share;
      out.variance += deaths.value / at_risk.value / at_risk.value;
    }
    out.greenwood += deaths.value / (at_risk.value * (at_risk.value - deaths.value));
    out.survival = out.survival * (Dual{1, 0} - share);
  }
  if (options.type != CurveType::kaplan_meier) {
    const Real s = std::exp(-out.hazard.value);
    out.survival = {s, -s * out.hazard.slope};
    out.greenwood = out.variance;
  }
  return out;
}

// Sums over rows or clusters of the squared influence.
struct Jackknife {
  Real survival = 0, hazard = 0;
};

Jackknife jackknife(const Data& data, int group, double time, const CurveOptions& options) {
  const std::size_t n = data.rows();
  const bool lone = options.cluster == nullptr;
  oracle::Vector survival(n + 1, 0), hazard(n + 1, 0), times(n + 1, 1);
  for (std::size_t i = 0; i < n; ++i) {
    if (data.stratum_of(i) != group || data.weight_of(i) == 0) continue;
    const Point p = by_definition(data, group, time, options, i);
    const std::size_t c = lone ? i : std::size_t(options.cluster[i]);
    const bool copies = lone && options.frequency;
    if (copies) times[c] = data.weight_of(i);
    survival[c] += (copies ? 1 : data.weight_of(i)) * p.survival.slope;
    hazard[c] += (copies ? 1 : data.weight_of(i)) * p.hazard.slope;
  }
  Jackknife out;
  for (std::size_t c = 0; c <= n; ++c) {
    out.survival += times[c] * survival[c] * survival[c];
    out.hazard += times[c] * hazard[c] * hazard[c];
  }
  return out;
}

void expect_point(const Data& data, const CurveOptions& options, const Curves& c, int group,
                  std::size_t k) {
  const Point expected = by_definition(data, group, c.time[k], options, data.rows());
  const Real scale = expected.at_risk + expected.events;
  EXPECT_LE(distance(c.at_risk[k], expected.at_risk, scale), kTolerance);
  EXPECT_LE(distance(c.events[k], expected.events, scale), kTolerance);
  EXPECT_LE(distance(c.censored[k], expected.censored, scale), kTolerance);
  // Long double leaves traces of rounding where the estimate is 0.
  const bool zero = options.type == CurveType::kaplan_meier && expected.survival.value < 1e-17;
  if (zero) {
    EXPECT_EQ(c.survival[k], 0);
  } else {
    EXPECT_LE(distance(c.survival[k], expected.survival.value, 0), kTolerance);
  }
  EXPECT_LE(distance(c.hazard[k], expected.hazard.value, 0), kTolerance);
  if (options.robust) {
    const Jackknife jack = jackknife(data, group, c.time[k], options);
    EXPECT_LE(distance(c.std_hazard[k], std::sqrt(jack.hazard), 1e-3), kTolerance);
    if (zero) {
      EXPECT_EQ(c.std_err[k], 0);
    } else {
      EXPECT_LE(distance(c.std_err[k], std::sqrt(jack.survival), 1e-3), kTolerance);
    }
  } else {
    EXPECT_LE(distance(c.std_hazard[k], std::sqrt(expected.variance), 0), kTolerance);
    if (zero) {
      EXPECT_TRUE(std::isinf(c.std_err[k]));
    } else {
      EXPECT_LE(distance(c.std_err[k], std::sqrt(expected.greenwood), 0), kTolerance);
    }
  }
}

void expect_by_definition(const Data& data, const CurveOptions& options) {
  const Curves c = fit(data, options);
  for (std::size_t s = 0; s + 1 < c.begin.size(); ++s) {
    std::set<double> times;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.stratum_of(i) == int(s) + 1) times.insert(data.time[i]);
    }
    ASSERT_EQ(times.size(), c.begin[s + 1] - c.begin[s]);
    EXPECT_TRUE(std::equal(times.begin(), times.end(), c.time.begin() + long(c.begin[s])));
    for (std::size_t k = c.begin[s]; k < c.begin[s + 1]; ++k) {
      expect_point(data, options, c, int(s) + 1, k);
    }
  }
}

const CurveType kTypes[] = {CurveType::kaplan_meier, CurveType::nelson_aalen,
                            CurveType::fleming_harrington};

TEST(KaplanMeier, ByDefinition) {
  std::uint64_t seed = 9000;
  for (const std::size_t rows : {0, 1, 2, 5, 25}) {
    for (int bits = 0; bits < 16; ++bits) {
      Shape shape{rows, 0, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::cases, Weights::counts}) {
        shape.weights = weights;
        const Data data = oracle::random_data(shape, ++seed);
        CurveOptions options;
        options.reverse = (bits & 8) != 0;
        for (const CurveType type : kTypes) {
          options.type = type;
          options.frequency = weights == Weights::counts;
          options.robust = false;
          SCOPED_TRACE(seed);
          expect_by_definition(data, options);
          options.robust = true;
          expect_by_definition(data, options);
        }
      }
    }
  }
}

TEST(KaplanMeier, ByDefinitionOverClusters) {
  std::uint64_t seed = 9500;
  for (const int clusters : {1, 2, 7, 40}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{40, 0, (bits & 1) != 0, (bits & 2) != 0, Weights::cases};
      shape.entry = (bits & 4) != 0;
      const Data data = oracle::random_data(shape, ++seed);
      std::vector<int> cluster(40);
      for (std::size_t i = 0; i < 40; ++i) cluster[i] = int(i * i % std::size_t(clusters)) + 1;
      CurveOptions options;
      options.robust = true;
      options.cluster = cluster.data();
      options.clusters = clusters;
      for (const CurveType type : kTypes) {
        options.type = type;
        SCOPED_TRACE(seed);
        expect_by_definition(data, options);
      }
    }
  }
}

TEST(KaplanMeier, ManyRowsWithEntry) {
  Shape shape{400, 0, true, false, Weights::cases};
  shape.entry = true;
  expect_by_definition(oracle::random_data(shape, 9600), {});
}

// Freireich et al. (1963), 6-MP arm; Cox and Oakes (1984), Analysis of Survival Data, table 4.1.
TEST(KaplanMeier, SixMercaptopurine) {
  const Data data{{6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35},
                  {},
                  {},
                  {},
                  {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0},
                  {},
                  {}};
  const Curves c = fit(data);
  const std::vector<std::pair<double, double>> printed{
      {6, 0.857}, {7, 0.807}, {10, 0.753}, {13, 0.690}, {16, 0.627}, {22, 0.538}, {23, 0.448}};
  for (const auto& [time, survival] : printed) {
    const auto at = std::find(c.time.begin(), c.time.end(), time) - c.time.begin();
    EXPECT_NEAR(c.survival[std::size_t(at)], survival, 0.0005) << time;
  }
  EXPECT_EQ(c.points(), 16u);
  EXPECT_DOUBLE_EQ(c.std_err[0], std::sqrt(3.0 / (21 * 18)));
}

TEST(KaplanMeier, FourDeaths) {
  const Data data{{3, 1, 4, 2}, {}, {}, {}, {1, 1, 1, 1}, {}, {}};
  const Curves c = fit(data);
  EXPECT_EQ(c.time, (Values{1, 2, 3, 4}));
  EXPECT_EQ(c.at_risk, (Values{4, 3, 2, 1}));
  EXPECT_DOUBLE_EQ(c.survival[1], 0.5);
  EXPECT_EQ(c.survival[3], 0);
  EXPECT_DOUBLE_EQ(c.std_err[1], 0.5);
  EXPECT_TRUE(std::isinf(c.std_err[3]));
  EXPECT_DOUBLE_EQ(c.hazard[3], 1.0 / 4 + 1.0 / 3 + 1.0 / 2 + 1);
  EXPECT_TRUE(std::isnan(c.lower[3]) && std::isnan(c.upper[3]));
}

TEST(KaplanMeier, WithoutWeightsRobustIsGreenwoodOnTheScaleOfSurvival) {
  // Without ties Greenwood's variance of S is that of the infinitesimal jackknife only if there is
  // no censoring: S is then a proportion.
  const Data data{{3, 1, 4, 2, 5}, {}, {}, {}, {1, 1, 1, 1, 1}, {}, {}};
  CurveOptions options;
  options.robust = true;
  const Curves robust = fit(data, options);
  for (std::size_t k = 0; k < 5; ++k) {
    const double s = robust.survival[k];
    EXPECT_NEAR(robust.std_err[k], std::sqrt(s * (1 - s) / 5), 1e-15);
  }
}

// Mass enters and leaves, and none is left over: the last death of a group takes the curve to 0.
TEST(KaplanMeier, WeightsThatDoNotAddUpExactly) {
  for (const bool entry : {false, true}) {
    Data data{{1, 2, 3, 4, 5}, {}, {0.1, 0.2, 0.3, 1e9, 0.7}, {}, {1, 1, 0, 1, 1}, {}, {}};
    if (entry) data.entry = {0, 0, 1, 1, 2};
    for (const bool robust : {false, true}) {
      CurveOptions options;
      options.robust = robust;
      const Curves c = fit(data, options);
      EXPECT_EQ(c.survival[4], 0);
      EXPECT_EQ(c.at_risk[4], 0.7);
      EXPECT_NEAR(c.survival[3] / c.survival[2], 0.7 / (1e9 + 0.7), 1e-23);
    }
  }
}

// Of 1.5e9 beside 1e25 and 1e50 the running sum keeps a multiple of 2^31 only, and something is
// left when they are gone: an empty risk set is empty all the same.
TEST(KaplanMeier, WeightsBeyondTheSumOfThem) {
  const Values weights{1.5e9, 1.5e9, 1e50, 1e25};
  Data later{{1, 1, 2, 2, 5, 6}, {0, 0, 0, 0, 4, 4}, weights, {}, {1, 1, 0, 0, 1, 0}, {}, {}};
  later.weight.insert(later.weight.end(), {0.25, 0.75});
  EXPECT_EQ(fit(later).at_risk, (Values{1e50, 1e50, 1, 0.75}));
  Data last{{1, 1, 2, 2, 3}, {0, 0, 0, 0, 0}, weights, {}, {1, 1, 0, 0, 1}, {}, {}};
  last.weight.push_back(1);
  EXPECT_EQ(fit(last).survival[2], 0);
}

TEST(KaplanMeier, LimitsOfARobustCurve) {
  const Data data = oracle::random_data({50, 0, true, false, Weights::cases}, 9650);
  CurveOptions options;
  options.robust = true;
  options.limits = LimitScale::plain;
  options.z = 1.5;
  const Curves c = fit(data, options);
  EXPECT_LT(c.lower[4], c.survival[4]);
  EXPECT_DOUBLE_EQ(c.lower[4], c.survival[4] - 1.5 * c.std_err[4]);
  EXPECT_DOUBLE_EQ(c.upper[4], c.survival[4] + 1.5 * c.std_err[4]);
}

TEST(KaplanMeier, OneClusterHasNoVariance) {
  Shape shape{200, 0, true, false, Weights::cases};
  shape.entry = true;
  const Data data = oracle::random_data(shape, 9700);
  const std::vector<int> cluster(200, 1);
  CurveOptions options;
  options.robust = true;
  options.cluster = cluster.data();
  options.clusters = 1;
  const Curves c = fit(data, options);
  for (std::size_t k = 0; k < c.points(); ++k) {
    EXPECT_LE(c.std_err[k], 1e-13);
    EXPECT_LE(c.std_hazard[k], 1e-13);
  }
}

TEST(KaplanMeier, NoRowsOneRowAllCensored) {
  EXPECT_EQ(fit(Data{}).points(), 0u);
  const Curves one = fit(Data{{5}, {}, {}, {}, {1}, {}, {}});
  EXPECT_EQ(one.survival, Values{0});
  const Curves censored = fit(Data{{5, 7, 7}, {}, {}, {}, {0, 0, 0}, {}, {}});
  EXPECT_EQ(censored.survival, (Values{1, 1}));
  EXPECT_EQ(censored.std_err, (Values{0, 0}));
  EXPECT_EQ(censored.lower, (Values{1, 1}));
  EXPECT_EQ(censored.censored, (Values{1, 2}));
}

TEST(KaplanMeier, CloseTimesAreTied) {
  const Data data{{1, 1 + 1e-10, 2}, {}, {}, {}, {1, 1, 0}, {}, {}};
  EXPECT_EQ(fit(data).time, (Values{1, 2}));
  EXPECT_EQ(fit(data, {}, false).points(), 3u);
}

TEST(KaplanMeier, EntryIsOpenAndExitClosed) {
  // (0, 2] dies, (2, 5] dies, (1, 5] is censored.
  const Data data{{2, 5, 5}, {0, 2, 1}, {}, {}, {1, 1, 0}, {}, {}};
  const Curves c = fit(data);
  EXPECT_EQ(c.time, (Values{2, 5}));
  EXPECT_EQ(c.at_risk, (Values{2, 2}));
  EXPECT_EQ(c.entered, (Values{2, 1}));
  EXPECT_EQ(c.survival, (Values{0.5, 0.25}));
}

TEST(KaplanMeier, EmptyRiskSetBetweenGroupsOfRows) {
  const Data data{{1, 2, 5, 6}, {0, 0, 4, 4}, {}, {}, {0, 0, 1, 0}, {}, {}};
  const Curves c = fit(data);
  EXPECT_EQ(c.at_risk, (Values{2, 1, 2, 1}));
  EXPECT_EQ(c.survival, (Values{1, 1, 0.5, 0.5}));
}

}  // namespace
}  // namespace lmsurv
