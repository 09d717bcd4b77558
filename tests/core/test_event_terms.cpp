#include "event_terms.hpp"

#include <gtest/gtest.h>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::distance;
using oracle::Real;

constexpr double kTolerance = 1e-13;

// With S0 = 1 and D0 = share.
void expect_terms_by_steps(Ties ties, double share, int deaths, double weight) {
  Real log_denominator = 0, h = 0, hd = 0, g = 0, a = 0, b = 0, c = 0, outer = 0;
  // sum w m_j m_j' in one dimension, with S1 and D1 free numbers
  const Real s1 = 0.7, d1 = -1.3, w = Real(weight) / deaths;
  for (int j = 0; j < deaths; ++j) {
    const Real f = ties == Ties::efron ? Real(j) / deaths : 0;
    const Real s = 1 - f * share;
    log_denominator += w * std::log(s);
    h += w / s;
    hd += w * (1 - f) / s;
    g += w * f / s;
    a += w / (s * s);
    b += w * f / (s * s);
    c += w * f * f / (s * s);
    outer += w * (s1 - f * d1) * (s1 - f * d1) / (s * s);
  }
  const EventTerms t = event_terms(ties, share, deaths, weight);
  EXPECT_LE(distance(t.log_denominator, log_denominator, weight), kTolerance);
  EXPECT_LE(distance(t.hazard, h, 0), kTolerance);
  EXPECT_LE(distance(t.hazard_death, hd, 0), kTolerance);
  EXPECT_LE(distance(t.hazard_shift, g, h), kTolerance);
  EXPECT_LE(distance(t.square, a, 0), kTolerance);
  EXPECT_LE(distance(t.square_shift, b, a), kTolerance);
  EXPECT_LE(distance(t.square_shift2, c, a), kTolerance);
  const Real shifted = s1 - t.mean_shift * d1;
  EXPECT_LE(distance(t.square * shifted * shifted + t.spread * d1 * d1, outer, 0), kTolerance);
}

TEST(EventTerms, AreTheSumsOverSteps) {
  oracle::Random random(1);
  for (const Ties ties : {Ties::efron, Ties::breslow}) {
    for (const int deaths : {1, 2, 3, 7, 50, 1000}) {
      expect_terms_by_steps(ties, random.uniform(), deaths, deaths);
      expect_terms_by_steps(ties, random.uniform(), deaths, random.uniform(0.1, 9));
      expect_terms_by_steps(ties, 1, deaths, deaths);  // nobody survives
      expect_terms_by_steps(ties, 1e-20, deaths, deaths);
    }
  }
}

TEST(EventTerms, OneDeathIsTheSameForAllMethods) {
  for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
    const EventTerms t = event_terms(ties, 0.75, 1, 1.5);
    EXPECT_EQ(t.log_denominator, 0);
    EXPECT_EQ(t.hazard, 1.5);
    EXPECT_EQ(t.hazard_death, 1.5);
    EXPECT_EQ(t.hazard_shift, 0);
    EXPECT_EQ(t.square, 1.5);
    EXPECT_EQ(t.spread, 0);
  }
}

TEST(EventTerms, DeathsWithoutWeightAreNothing) {
  for (const Ties ties : {Ties::efron, Ties::breslow}) {
    const EventTerms t = event_terms(ties, 0, 2, 0);
    EXPECT_EQ(t.log_denominator, 0);
    EXPECT_EQ(t.hazard, 0);
    EXPECT_EQ(t.hazard_death, 0);
    EXPECT_EQ(t.square, 0);
  }
}

}  // namespace
}  // namespace lmsurv
