#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "kaplan_meier.hpp"
#include "oracle.hpp"

// What changes nothing, or changes it in a known way.
namespace lmsurv {
namespace {

using oracle::Data;
using oracle::distance;
using oracle::Shape;
using oracle::Weights;
using Values = std::vector<double>;

constexpr double kTolerance = 1e-12;

using Columns = std::vector<Values>;  // in the order of CurveColumns
enum Column {
  time,
  at_risk,
  events,
  censored,
  entered,
  survival,
  std_err,
  hazard,
  std_hazard,
  lower,
  upper
};

Columns fit(const Data& data, const CurveOptions& options = {}) {
  const Response response = data.response();
  const CurvePoints points = find_curve_points(response, true);
  Columns c(11, Values(points.begin.back()));
  fit_curves(response, points, options,
             {c[time].data(),
              c[at_risk].data(),
              c[events].data(),
              c[censored].data(),
              c[entered].data(),
              c[survival].data(),
              c[std_err].data(),
              c[hazard].data(),
              c[std_hazard].data(),
              {c[lower].data(), c[upper].data()}});
  return c;
}

bool same_value(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (a == b) return true;
  return distance(a, b, 1e-3) <= tolerance;
}

void expect_same(const Columns& a, const Columns& b, double tolerance = kTolerance) {
  for (std::size_t j = 0; j < a.size(); ++j) {
    ASSERT_EQ(a[j].size(), b[j].size());
    for (std::size_t k = 0; k < a[j].size(); ++k) {
      EXPECT_TRUE(same_value(a[j][k], b[j][k], tolerance))
          << "column " << j << " point " << k << ": " << a[j][k] << " " << b[j][k];
    }
  }
}

Data some_data(std::uint64_t seed, Weights weights, bool entry, std::size_t rows = 120) {
  Shape shape{rows, 0, true, true, weights};
  shape.entry = entry;
  return oracle::random_data(shape, seed);
}

TEST(KaplanMeierLaws, OrderOfRows) {
  for (const bool entry : {false, true}) {
    const Data data = some_data(9801, Weights::cases, entry);
    oracle::Random random(5);
    const std::vector<std::size_t> order = random.permutation(data.rows());
    for (const bool robust : {false, true}) {
      CurveOptions options;
      options.robust = robust;
      expect_same(fit(data, options), fit(data.take(order), options));
    }
  }
}

TEST(KaplanMeierLaws, FrequenciesAreExpandedRows) {
  for (const bool entry : {false, true}) {
    const Data data = some_data(9802, Weights::counts, entry);
    // Rows of weight 0 leave no time behind, so they are left out of both.
    std::vector<std::size_t> kept, copies;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.weight[i] > 0) kept.push_back(i);
      for (int w = 0; w < data.weight[i]; ++w) copies.push_back(i);
    }
    const Data weighted = data.take(kept);
    Data expanded = data.take(copies);
    expanded.weight.clear();
    for (const CurveType type :
         {CurveType::kaplan_meier, CurveType::nelson_aalen, CurveType::fleming_harrington}) {
      for (const bool robust : {false, true}) {
        CurveOptions options;
        options.type = type;
        options.robust = robust;
        options.frequency = true;
        expect_same(fit(weighted, options), fit(expanded, options));
      }
    }
  }
}

TEST(KaplanMeierLaws, FrequenciesWithinClusters) {
  const Data data = some_data(9810, Weights::counts, true);
  std::vector<std::size_t> kept, copies;
  std::vector<int> cluster, of_copies;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (data.weight[i] == 0) continue;
    kept.push_back(i);
    cluster.push_back(int(i % 11) + 1);
    for (int w = 0; w < data.weight[i]; ++w) {
      copies.push_back(i);
      of_copies.push_back(int(i % 11) + 1);
    }
  }
  Data expanded = data.take(copies);
  expanded.weight.clear();
  CurveOptions options;
  options.robust = options.frequency = true;
  options.clusters = 11;
  options.cluster = cluster.data();
  const Columns weighted = fit(data.take(kept), options);
  options.cluster = of_copies.data();
  expect_same(weighted, fit(expanded, options));
}

TEST(KaplanMeierLaws, WeightsHaveNoUnitForARobustVariance) {
  const Data data = some_data(9803, Weights::cases, true);
  Data scaled = data;
  for (double& w : scaled.weight) w *= 1024;
  CurveOptions options;
  options.robust = true;
  Columns a = fit(data, options), b = fit(scaled, options);
  for (const Column j : {at_risk, events, censored, entered}) {
    for (double& x : a[j]) x *= 1024;
  }
  expect_same(a, b);
}

TEST(KaplanMeierLaws, UnitOfTime) {
  const Data data = some_data(9804, Weights::none, true);
  Data months = data;
  for (double& t : months.time) t *= 0.125;
  for (double& t : months.entry) t *= 0.125;
  Columns a = fit(data), b = fit(months);
  for (double& t : a[time]) t *= 0.125;
  expect_same(a, b, 0);
}

// Rows cut in two or three at times of the curve: with the patient's id nothing changes at all.
TEST(KaplanMeierLaws, SplitRows) {
  for (const bool entry : {false, true}) {
    Data data = some_data(9805, Weights::cases, entry);
    if (!entry) data.entry.assign(data.rows(), 0);
    Data split;
    std::vector<int> patient, whole(data.rows());
    const auto add = [&](std::size_t i, double from, double to, int status) {
      split.entry.push_back(from);
      split.time.push_back(to);
      split.status.push_back(status);
      split.weight.push_back(data.weight[i]);
      split.stratum.push_back(data.stratum[i]);
      patient.push_back(int(i) + 1);
    };
    for (std::size_t i = 0; i < data.rows(); ++i) {
      whole[i] = int(i) + 1;
      std::set<double> cuts;
      for (std::size_t j = 0; j < data.rows(); j += 7) {
        if (data.stratum[j] == data.stratum[i] && data.time[j] > data.entry[i] &&
            data.time[j] < data.time[i]) {
          cuts.insert(data.time[j]);
        }
      }
      double from = data.entry[i];
      for (const double cut : cuts) {
        add(i, from, cut, 0);
        from = cut;
      }
      add(i, from, data.time[i], data.status[i]);
    }
    ASSERT_GT(split.rows(), data.rows() + 50);
    for (const bool robust : {false, true}) {
      CurveOptions options;
      options.robust = robust;
      options.id = whole.data();
      options.ids = int(data.rows());
      options.cluster = robust ? whole.data() : nullptr;
      options.clusters = int(data.rows());
      const Columns expected = fit(data, options);
      options.id = patient.data();
      options.cluster = robust ? patient.data() : nullptr;
      expect_same(expected, fit(split, options));
      options.reverse = true;
      const Columns reversed = fit(split, options);
      options.id = whole.data();
      options.cluster = robust ? whole.data() : nullptr;
      expect_same(fit(data, options), reversed);
    }
  }
}

// Without id, each row is a patient: it is censored where it ends.
TEST(KaplanMeierLaws, SplitRowsWithoutId) {
  const Data data{{2, 5, 5}, {0, 2, 0}, {}, {}, {0, 1, 0}, {}, {}};
  const std::vector<int> id{1, 1, 2};
  EXPECT_EQ(fit(data)[censored], (Values{1, 1}));
  EXPECT_EQ(fit(data)[entered], (Values{2, 1}));
  CurveOptions options;
  options.id = id.data();
  options.ids = 2;
  EXPECT_EQ(fit(data, options)[censored], (Values{0, 1}));
  EXPECT_EQ(fit(data, options)[entered], (Values{2, 0}));
}

TEST(KaplanMeierLaws, PatientsWhoComeBackAfterAGap) {
  const Data data{{2, 5, 5}, {0, 3, 0}, {}, {}, {0, 1, 0}, {}, {}};
  const std::vector<int> id{1, 1, 2};
  CurveOptions options;
  options.id = id.data();
  options.ids = 2;
  EXPECT_EQ(fit(data, options)[censored], (Values{1, 1}));
  EXPECT_EQ(fit(data, options)[entered], (Values{2, 1}));
}

// A patient who changes group is censored in the one and enters the other.
TEST(KaplanMeierLaws, PatientsWhoChangeGroup) {
  const Data data{{2, 5, 4, 6}, {0, 2, 0, 0}, {}, {}, {0, 1, 1, 0}, {1, 2, 1, 2}, {}};
  const std::vector<int> id{1, 1, 2, 3};
  CurveOptions options;
  options.id = id.data();
  options.ids = 3;
  const Columns c = fit(data, options);
  EXPECT_EQ(c[time], (Values{2, 4, 5, 6}));
  EXPECT_EQ(c[censored], (Values{1, 0, 0, 1}));
  EXPECT_EQ(c[entered], (Values{2, 0, 2, 0}));
}

TEST(KaplanMeierLaws, RowsWithoutWeightChangeNoEstimate) {
  for (const bool entry : {false, true}) {
    Data data = some_data(9806, Weights::cases, entry);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (data.weight[i] > 0) kept.push_back(i);
    }
    ASSERT_LT(kept.size(), data.rows());
    const Data without = data.take(kept);
    for (const bool robust : {false, true}) {
      for (const CurveType type : {CurveType::kaplan_meier, CurveType::fleming_harrington}) {
        CurveOptions options;
        options.type = type;
        options.robust = robust;
        const Columns all = fit(data, options), some = fit(without, options);
        std::size_t k = 0;  // the points of `some` among those of `all`
        for (std::size_t p = 0; p < some[time].size(); ++p) {
          while (k < all[time].size() &&
                 (all[time][k] != some[time][p] || all[at_risk][k] != some[at_risk][p])) {
            ++k;
          }
          ASSERT_LT(k, all[time].size());
          for (const Column j : {survival, std_err, hazard, std_hazard}) {
            EXPECT_TRUE(same_value(all[j][k], some[j][p], kTolerance));
          }
        }
      }
    }
  }
}

TEST(KaplanMeierLaws, ReverseIsTheFlippedStatus) {
  for (const bool entry : {false, true}) {
    const Data data = some_data(9807, Weights::cases, entry);
    Data flipped = data;
    for (int& s : flipped.status) s = 1 - s;
    CurveOptions reverse;
    reverse.reverse = true;
    expect_same(fit(data, reverse), fit(flipped), 1e-14);
    reverse.robust = true;
    CurveOptions robust;
    robust.robust = true;
    expect_same(fit(data, reverse), fit(flipped, robust), 1e-13);
  }
}

TEST(KaplanMeierLaws, SameBitsOnTwoThreads) {
  for (const bool entry : {false, true}) {
    const Data data = some_data(9808, Weights::cases, entry, 20000);
    CurveOptions one, two;
    one.robust = two.robust = true;
    one.execution.threads = 1;
    two.execution.threads = 2;
    const Columns a = fit(data, one), b = fit(data, two);
    for (std::size_t j = 0; j < a.size(); ++j) {
      for (std::size_t k = 0; k < a[j].size(); ++k) {
        EXPECT_TRUE(a[j][k] == b[j][k] || (std::isnan(a[j][k]) && std::isnan(b[j][k])));
      }
    }
  }
}

TEST(KaplanMeierLaws, AnInterruptStopsIt) {
  const Data data = some_data(9809, Weights::none, false);
  CurveOptions options;
  options.execution.interrupt = [] { throw std::runtime_error("stop"); };
  EXPECT_THROW(fit(data, options), std::runtime_error);
}

}  // namespace
}  // namespace lmsurv
