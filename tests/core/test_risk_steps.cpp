#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "risk_steps.hpp"

namespace {

using lmsurv::Response;
using lmsurv::RiskSteps;

RiskSteps steps_of(const Response& response) {
  return lmsurv::risk_steps(response, lmsurv::build_risk_order(response, true));
}

struct Rows {
  std::vector<double> entry, time, weight;
  std::vector<int> group, status;

  Response view() {
    status.resize(time.size());
    Response out;
    out.status = status.data();
    out.rows = time.size();
    out.entry = entry.data();
    out.time = time.data();
    out.weight = weight.empty() ? nullptr : weight.data();
    out.stratum = group.empty() ? nullptr : group.data();
    return out;
  }
  double weight_after(double t, int g) const {
    double sum = 0;
    for (std::size_t i = 0; i < time.size(); ++i) {
      if ((group.empty() || group[i] == g) && entry[i] <= t && t < time[i]) {
        sum += weight.empty() ? 1 : weight[i];
      }
    }
    return sum;
  }
};

TEST(RiskSteps, ByHand) {
  Rows rows{{0, 0, 2, 5}, {2, 4, 4, 6}, {}, {}, {}};
  const RiskSteps steps = steps_of(rows.view());
  EXPECT_EQ(steps.group, (std::vector<int>{1, 1, 1, 1, 1}));
  EXPECT_EQ(steps.time, (std::vector<double>{0, 2, 4, 5, 6}));
  EXPECT_EQ(steps.at_risk, (std::vector<double>{2, 2, 0, 1, 0}));
}

TEST(RiskSteps, NobodyHasNoStep) { EXPECT_TRUE(steps_of(Rows().view()).time.empty()); }

TEST(RiskSteps, AreWhatCountingSays) {
  std::mt19937_64 random(7);
  for (int repeat = 0; repeat < 50; ++repeat) {
    Rows rows;
    for (int i = 0; i < 40; ++i) {
      rows.entry.push_back(static_cast<double>(random() % 10));
      rows.time.push_back(rows.entry.back() + 1 + static_cast<double>(random() % 10));
      rows.weight.push_back(static_cast<double>(random() % 4));
      rows.group.push_back(1 + static_cast<int>(random() % 3));
    }
    const RiskSteps steps = steps_of(rows.view());
    ASSERT_EQ(steps.time.size(), steps.at_risk.size());
    for (std::size_t k = 0; k < steps.time.size(); ++k) {
      EXPECT_EQ(steps.at_risk[k], rows.weight_after(steps.time[k], steps.group[k]));
      if (k > 0 && steps.group[k] == steps.group[k - 1]) {
        EXPECT_LT(steps.time[k - 1], steps.time[k]);
      }
    }
    for (std::size_t i = 0; i < rows.time.size(); ++i) {
      for (const double t : {rows.entry[i], rows.time[i]}) {
        int found = 0;
        for (std::size_t k = 0; k < steps.time.size(); ++k) {
          found += steps.group[k] == rows.group[i] && steps.time[k] == t;
        }
        EXPECT_EQ(found, 1);
      }
    }
  }
}

TEST(RiskSteps, AreExactlyZeroInAGapWhateverTheWeights) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int repeat = 0; repeat < 50; ++repeat) {
    Rows rows;
    for (int i = 0; i < 30; ++i) {
      const double late = i % 2 ? 20 : 0;  // nobody from 10 to 20
      rows.entry.push_back(late + static_cast<double>(random() % 5));
      rows.time.push_back(rows.entry.back() + 1 + static_cast<double>(random() % 5));
      rows.weight.push_back(std::exp(40 * uniform(random) - 20));
    }
    const RiskSteps steps = steps_of(rows.view());
    for (std::size_t k = 0; k < steps.time.size(); ++k) {
      const double expected = rows.weight_after(steps.time[k], 1);
      EXPECT_NEAR(steps.at_risk[k], expected, 1e-12 * expected);
    }
  }
}

TEST(RiskSteps, TakeTimesThatTheCurveMergesAsOne) {
  const double late = 2 + 1e-9;
  Rows rows{{0, late}, {2, 3}, {}, {}, {}};
  EXPECT_EQ(steps_of(rows.view()).time, (std::vector<double>{0, 2, 3}));
}

}  // namespace
