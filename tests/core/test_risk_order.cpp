#include "risk_order.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;
using Ints = std::vector<int>;

TEST(RiskOrder, NoRows) {
  Data data;
  RiskOrder order = build_risk_order(data.response(), true);
  EXPECT_EQ(order.rows(), 0u);
  EXPECT_EQ(order.events(), 0);
  EXPECT_FALSE(order.delayed_entry());
}

TEST(RiskOrder, LatestFirstDeathsBeforeCensoredThenInputOrder) {
  const Data data{{2, 5, 2, 2, 7, 5}, {}, {}, {}, {0, 1, 1, 1, 0, 0}, {}, {}};
  const RiskOrder order = build_risk_order(data.response(), true);
  EXPECT_EQ(order.row, (Ints{4, 1, 5, 2, 3, 0}));
  EXPECT_EQ(order.time, (std::vector<double>{7, 5, 5, 2, 2, 2}));
  EXPECT_EQ(order.death_begin, (Ints{1, 3}));
  EXPECT_EQ(order.death_end, (Ints{2, 5}));
  EXPECT_EQ(order.risk_end, (Ints{3, 6}));
  EXPECT_EQ(order.stratum_events, (Ints{0, 2}));
}

TEST(RiskOrder, StrataWithoutRowsOrEvents) {
  const Data data{{1, 2, 3, 4}, {}, {}, {}, {1, 0, 1, 0}, {4, 1, 4, 1}, {}};
  const RiskOrder order = build_risk_order(data.response(), true);
  EXPECT_EQ(order.strata(), 4);
  EXPECT_EQ(order.stratum_begin, (Ints{0, 2, 2, 2, 4}));
  EXPECT_EQ(order.stratum_events, (Ints{0, 0, 0, 0, 2}));
  EXPECT_EQ(order.row, (Ints{3, 1, 2, 0}));
}

TEST(RiskOrder, EntryIsOpenAndExitClosed) {
  // Events at 9, 6 and 3, numbered 0, 1, 2. (6, 9] is at risk at 9 only, (3, 6] at 6 only,
  // (3, 5] and (9, 10] never.
  const Data data{
      {9, 6, 3, 9, 6, 5, 10}, {0, 0, 0, 6, 3, 3, 9}, {}, {}, {1, 1, 1, 0, 0, 0, 0}, {}, {}};
  const RiskOrder order = build_risk_order(data.response(), true);
  ASSERT_TRUE(order.delayed_entry());
  const Ints joins{0, 1, 2, 0, 1, 2, 0}, leaves{3, 3, 3, 1, 2, 2, 0};
  for (int i = 0; i < 7; ++i) {
    const std::size_t row = std::size_t(order.row[i]);
    EXPECT_EQ(order.join[i], joins[row]) << "row " << row;
    EXPECT_EQ(order.leave[i], leaves[row]) << "row " << row;
    EXPECT_EQ(order.entry[i], data.entry[row]);
  }
  EXPECT_EQ(order.leave_begin, (Ints{0, 1, 2, 5}));
}

// Risk sets and deaths by definition, from the order's own arrays alone.
void expect_risk_sets(const Data& data) {
  const RiskOrder order = build_risk_order(data.response(), true);
  const oracle::Model model(data, oracle::Vector(data.rows(), 0), Ties::breslow, false);
  ASSERT_EQ(order.events(), static_cast<int>(model.events().size()));
  ASSERT_EQ(order.delayed_entry(), !data.entry.empty());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    EXPECT_EQ(order.status[i], data.status[std::size_t(order.row[i])]);
  }
  std::vector<std::vector<std::size_t>> leaving(std::size_t(order.events()));
  for (int s = 0; s < order.strata(); ++s) {
    for (int k = order.stratum_events[s]; k < order.stratum_events[s + 1]; ++k) {
      const double time = order.time[order.death_begin[k]];
      std::vector<std::size_t> risk, deaths;
      for (int i = order.stratum_begin[s]; i < order.risk_end[k]; ++i) {
        if (order.delayed_entry() && k >= order.leave[i]) continue;
        EXPECT_TRUE(!order.delayed_entry() || order.join[i] <= k);
        risk.push_back(std::size_t(order.row[i]));
      }
      for (int i = order.death_begin[k]; i < order.death_end[k]; ++i) {
        deaths.push_back(std::size_t(order.row[i]));
      }
      EXPECT_TRUE(std::is_sorted(deaths.begin(), deaths.end()));
      std::sort(risk.begin(), risk.end());
      const auto same = [&](const oracle::Event& e) {
        return e.stratum == s + 1 && e.time == time;
      };
      const auto event = std::find_if(model.events().begin(), model.events().end(), same);
      ASSERT_NE(event, model.events().end());
      EXPECT_EQ(risk, event->risk);
      EXPECT_EQ(deaths, event->deaths);
    }
  }
  if (!order.delayed_entry()) return;
  for (int k = 0; k < order.events(); ++k) {
    for (int l = order.leave_begin[k]; l < order.leave_begin[k + 1]; ++l) {
      EXPECT_EQ(order.leave[order.leaving[l]], k + 1);
    }
  }
  int ever = 0;
  for (std::size_t i = 0; i < order.rows(); ++i) ever += order.join[i] < order.leave[i];
  EXPECT_EQ(order.leaving.size(), std::size_t(ever));
}

TEST(RiskOrder, RiskSetsByDefinition) {
  std::uint64_t seed = 100;
  for (const std::size_t rows : {1, 2, 5, 50, 300}) {
    for (const bool ties : {false, true}) {
      for (const bool strata : {false, true}) {
        for (const bool entry : {false, true}) {
          oracle::Shape shape{rows, 0, ties, strata};
          shape.entry = entry;
          SCOPED_TRACE(++seed);
          expect_risk_sets(oracle::random_data(shape, seed));
        }
      }
    }
  }
}

// The rule of survival's aeqSurv(): neighbours among the distinct times no more than
// sqrt(machine epsilon) apart, absolutely or relative to the mean of their absolute values.
const double kClose = std::sqrt(std::numeric_limits<double>::epsilon());

int merged(const std::vector<double>& time, std::vector<double>* to = nullptr) {
  const Data data{time, {}, {}, {}, Ints(time.size(), 1), {}, {}};
  const RiskOrder order = build_risk_order(data.response(), true);
  if (to) to->assign(order.time.rbegin(), order.time.rend());
  EXPECT_EQ(build_risk_order(data.response(), false).merged_times, 0);
  return order.merged_times;
}

TEST(CloseTimes, AbsoluteTolerance) {
  EXPECT_EQ(merged({0, 0.99 * kClose}), 1);
  EXPECT_EQ(merged({1e-9, 1e-9 + 0.99 * kClose, 2e-6}), 1);
  EXPECT_EQ(merged({0, 1.01 * kClose, 3e-3, 1}), 0);
}

TEST(CloseTimes, RelativeToTheMeanOfDistinctTimes) {
  // The mean of the distinct times is 500, however often the larger occurs.
  EXPECT_EQ(merged({0, 499 * kClose, 1500, 1500, 1500, 1500}), 1);
  EXPECT_EQ(merged({0, 501 * kClose, 1500, 1500, 1500, 1500}), 0);
  EXPECT_EQ(merged({-1500, 0, 499 * kClose}), 1);
}

TEST(CloseTimes, AChainTakesTheFirstOfItsTimes) {
  std::vector<double> time;
  const double step = 0.8 * kClose;
  EXPECT_EQ(merged({1 + 2 * step, 1, 0.5, 1 + step, 1, 2}, &time), 2);
  EXPECT_EQ(time, (std::vector<double>{0.5, 1, 1, 1, 1, 2}));
}

TEST(CloseTimes, MergedAcrossStrataAndWithEntryTimes) {
  const double late = 3 + 1e-9;
  const Data data{{late, 3, 6, 6}, {0, 0, late, 3}, {}, {}, {1, 1, 1, 1}, {1, 2, 1, 2}, {}};
  const RiskOrder order = build_risk_order(data.response(), true);
  EXPECT_EQ(order.merged_times, 1);
  EXPECT_EQ(order.time, (std::vector<double>{6, 3, 6, 3}));
  EXPECT_EQ(order.entry, (std::vector<double>{3, 0, 3, 0}));
  // Without merging, the row that enters at 3 + 1e-9 in stratum 1 still does so at its event.
  EXPECT_EQ(build_risk_order(data.response(), false).time[1], late);
}

TEST(CloseTimes, TurnsCloseEventsIntoOne) {
  const Data data{{1, 1 + 1e-10, 2}, {}, {}, {}, {1, 1, 1}, {}, {}};
  EXPECT_EQ(build_risk_order(data.response(), true).events(), 2);
  EXPECT_EQ(build_risk_order(data.response(), false).events(), 3);
}

TEST(CloseTimes, AnIntervalShorterThanTheToleranceIsInvalid) {
  const Data data{{5, 4, 9}, {0, 4 - 1e-9, 2}, {}, {}, {1, 1, 1}, {}, {}};
  try {
    build_risk_order(data.response(), true);
    FAIL() << "no exception";
  } catch (const InvalidInput& e) {
    EXPECT_EQ(e.row(), 1);
  }
  EXPECT_NO_THROW(build_risk_order(data.response(), false));
}

}  // namespace
}  // namespace lmsurv
