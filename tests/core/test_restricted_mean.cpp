#include "restricted_mean.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
  Real mean = 0, variance = 0, survival = 1, rows = 0, events = 0;
};

// By definition: the curve at any time as a product over all event times, its area between all
// times of the data.
class Curve {
 public:
  Curve(const Data& data, int stratum) : data_(data), stratum_(stratum) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (in(i) && data.status[i] && data.weight_of(i) > 0) times_.insert(data.time[i]);
    }
  }
  bool in(std::size_t i) const { return data_.stratum_of(i) == stratum_; }
  Real deaths(double t) const {
    Real sum = 0;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      if (in(i) && data_.status[i] && data_.time[i] == t) sum += data_.weight_of(i);
    }
    return sum;
  }
  Real at_risk(double t) const {
    Real sum = 0;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      const bool entered = data_.entry.empty() || data_.entry[i] < t;
      if (in(i) && entered && data_.time[i] >= t) sum += data_.weight_of(i);
    }
    return sum;
  }
  Real survival(double t) const {
    Real s = 1;
    for (const double u : times_) {
      if (u <= t) s *= 1 - deaths(u) / at_risk(u);
    }
    return s;
  }
  Real area(double from, double tau) const {
    Real sum = 0;
    double last = from;
    for (const double u : times_) {
      if (u <= from || u >= tau) continue;
      sum += survival(last) * (Real(u) - last);
      last = u;
    }
    return sum + survival(last) * (Real(tau) - last);
  }
  Direct at(double tau) const {
    Direct out;
    // S(0) is 1 less what dies at 0; no area lies before.
    out.mean = area(0, tau);
    out.survival = survival(tau);
    for (const double u : times_) {
      if (u > tau) continue;
      const Real d = deaths(u), n = at_risk(u);
      out.events += d;
      const Real a = area(u, tau);
      if (n > d) out.variance += a * a * d / (n * (n - d));
    }
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      if (in(i)) out.rows += data_.weight_of(i);
    }
    return out;
  }

 private:
  const Data& data_;
  int stratum_;
  std::set<double> times_;
};

void expect_by_definition(const Data& data, double tau) {
  const RestrictedMean actual = restricted_mean(data.response(), tau, true);
  for (std::size_t s = 0; s < actual.mean.size(); ++s) {
    const Direct expected = Curve(data, int(s) + 1).at(tau);
    EXPECT_LE(distance(actual.mean[s], expected.mean, tau), kTolerance);
    EXPECT_LE(distance(actual.lost[s], Real(tau) - expected.mean, tau), kTolerance);
    EXPECT_LE(distance(actual.variance[s], expected.variance, 1e-3 * tau * tau), kTolerance);
    EXPECT_LE(distance(actual.survival[s], expected.survival, 1), kTolerance);
    EXPECT_EQ(actual.rows[s], double(expected.rows));
    EXPECT_EQ(actual.events[s], double(expected.events));
  }
}

TEST(RestrictedMean, ByDefinition) {
  std::uint64_t seed = 8100;
  for (const std::size_t rows : {1, 2, 5, 30, 80}) {
    for (int bits = 0; bits < 8; ++bits) {
      Shape shape{rows, 1, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const Weights weights : {Weights::none, Weights::counts}) {
        shape.weights = weights;
        const Data data = oracle::random_data(shape, ++seed);
        const double last = *std::max_element(data.time.begin(), data.time.end());
        SCOPED_TRACE(seed);
        // Between events, at one, before all, beyond all.
        for (const double tau : {last / 2, data.time[0], 0.25, last, last + 3}) {
          expect_by_definition(data, tau);
        }
      }
    }
  }
}

// Four patients: deaths at 1 and 3, censored at 2 and 4. S: 1, 3/4 from 1, 3/8 from 3.
// Up to 4: 1 + 2 * 3/4 + 3/8 = 23/8. A(1) = 15/8, A(3) = 3/8.
// Variance (15/8)^2 / (4 * 3) + (3/8)^2 / (2 * 1).
TEST(RestrictedMean, ByHand) {
  const Data data{{1, 2, 3, 4}, {}, {}, {}, {1, 0, 1, 0}, {}, {}};
  const RestrictedMean m = restricted_mean(data.response(), 4, true);
  EXPECT_DOUBLE_EQ(m.mean[0], 23.0 / 8);
  EXPECT_DOUBLE_EQ(m.lost[0], 9.0 / 8);
  EXPECT_DOUBLE_EQ(m.variance[0], 225.0 / 64 / 12 + 9.0 / 64 / 2);
  EXPECT_EQ(m.survival[0], 3.0 / 8);
  EXPECT_EQ(m.events[0], 2);
  const RestrictedMean half = restricted_mean(data.response(), 2.5, true);
  EXPECT_DOUBLE_EQ(half.mean[0], 1 + 1.5 * 0.75);
  EXPECT_DOUBLE_EQ(half.variance[0], 1.125 * 1.125 / 12);
  EXPECT_EQ(half.events[0], 1);
}

TEST(RestrictedMean, AllDie) {
  const Data data{{2, 1, 1}, {}, {}, {}, {1, 1, 1}, {}, {}};
  const RestrictedMean m = restricted_mean(data.response(), 5, true);
  EXPECT_DOUBLE_EQ(m.mean[0], 4.0 / 3);
  EXPECT_DOUBLE_EQ(m.variance[0], 1.0 / 9 * 2 / 3);
  EXPECT_EQ(m.survival[0], 0);
}

TEST(RestrictedMean, DeathsAtTimeZero) {
  const Data data{{0, 2, 4}, {}, {}, {}, {1, 0, 0}, {}, {}};
  const RestrictedMean m = restricted_mean(data.response(), 3, true);
  EXPECT_DOUBLE_EQ(m.mean[0], 2);
  EXPECT_DOUBLE_EQ(m.variance[0], 4.0 / 6);
}

TEST(RestrictedMean, RowsOfNoWeightAreNone) {
  const Data data{{1, 2, 3}, {}, {1, 2, 0}, {}, {1, 0, 1}, {}, {}};
  const RestrictedMean m = restricted_mean(data.response(), 4, true);
  EXPECT_DOUBLE_EQ(m.mean[0], 1 + 3 * 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.variance[0], 4.0 / 6);
  EXPECT_EQ(m.rows[0], 3);
}

TEST(RestrictedMean, SmallLossKeepsItsDigits) {
  Data data;
  for (int i = 0; i < 100000; ++i) {
    data.time.push_back(i == 0 ? 999.999 : 1000);
    data.status.push_back(i == 0);
  }
  const RestrictedMean m = restricted_mean(data.response(), 1000, false);
  EXPECT_LE(std::fabs(m.lost[0] / ((1000 - 999.999) * 1e-5) - 1), 1e-10);
}

TEST(RestrictedMean, CloseTimesAreTied) {
  const Data data{{1, 1 + 1e-10, 2}, {}, {}, {}, {1, 1, 0}, {}, {}};
  const double tied = restricted_mean(data.response(), 2, true).variance[0];
  EXPECT_DOUBLE_EQ(tied, 1.0 / 9 * 2 / 3);
  EXPECT_NE(restricted_mean(data.response(), 2, false).variance[0], tied);
}

}  // namespace
}  // namespace lmsurv
