#include "product_limit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace lmsurv {
namespace {

TEST(ProductLimit, OfCounts) {
  const std::vector<double> at_risk{10, 8, 5, 2}, events{2, 0, 1, 2};
  std::vector<double> survival(4), std_err(4);
  product_limit(4, at_risk.data(), events.data(), survival.data(), std_err.data());
  EXPECT_DOUBLE_EQ(survival[0], 0.8);
  EXPECT_EQ(survival[1], survival[0]);
  EXPECT_DOUBLE_EQ(survival[2], 0.64);
  EXPECT_EQ(survival[3], 0);
  EXPECT_DOUBLE_EQ(std_err[0], std::sqrt(2.0 / 80));
  EXPECT_EQ(std_err[1], std_err[0]);
  EXPECT_DOUBLE_EQ(std_err[2], std::sqrt(2.0 / 80 + 1.0 / 20));
  EXPECT_TRUE(std::isinf(std_err[3]));
}

// Deaths at 1, 3 and a censoring at 4: S is 3/4 from 1 and 3/8 from 3.
TEST(AreaUnderCurve, ByHand) {
  const std::vector<double> time{1, 2, 3, 4}, at_risk{4, 3, 2, 1}, events{1, 0, 1, 0};
  const std::vector<double> survival{0.75, 0.75, 0.375, 0.375};
  const auto area = [&](double start, double end) {
    return area_under_curve(4, time.data(), at_risk.data(), events.data(), survival.data(), start,
                            end);
  };
  EXPECT_DOUBLE_EQ(area(0, 4).area, 1 + 2 * 0.75 + 0.375);
  EXPECT_DOUBLE_EQ(area(0, 6).area, 1 + 2 * 0.75 + 3 * 0.375);
  EXPECT_DOUBLE_EQ(area(0, 2.5).area, 1 + 1.5 * 0.75);
  EXPECT_DOUBLE_EQ(area(0, 0.5).area, 0.5);
  EXPECT_DOUBLE_EQ(area(-1, 0.5).area, 1.5);
  EXPECT_EQ(area(0, 0.5).std_err, 0);
  const double from_one = 2 * 0.75 + 0.375, from_three = 0.375;
  EXPECT_DOUBLE_EQ(area(0, 4).std_err,
                   std::sqrt(from_one * from_one / 12 + from_three * from_three / 2));
  // Who dies at the end itself adds nothing.
  EXPECT_DOUBLE_EQ(area(0, 3).std_err, std::sqrt(1.5 * 1.5 / 12));
}

TEST(AreaUnderCurve, LastDeath) {
  const double time = 2, at_risk = 1, events = 1, survival = 0;
  const Area area = area_under_curve(1, &time, &at_risk, &events, &survival, 0, 5);
  EXPECT_EQ(area.area, 2);
  EXPECT_EQ(area.std_err, 0);
}

}  // namespace
}  // namespace lmsurv
