#include "linked_rows.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "oracle.hpp"

namespace lmsurv {
namespace {

using oracle::Data;

// Visits of a few units of time each, so that a stratum falls into several runs.
Data short_visits(std::size_t rows, bool ties, std::uint64_t seed) {
  oracle::Random random(seed);
  Data data;
  for (std::size_t i = 0; i < rows; ++i) {
    const double time = ties ? random.integer(2, 40) : random.uniform(2, 40);
    data.time.push_back(time);
    data.entry.push_back(time - (ties ? random.integer(1, 3) : random.uniform(0.1, 3)));
    data.status.push_back(random.chance(0.6));
    data.stratum.push_back(random.integer(1, 3));
  }
  return data;
}

// By definition: rows are linked where some event has both at risk, or by way of others.
class Links {
 public:
  explicit Links(const Data& data) : group_(data.rows()), at_risk_(data.rows()) {
    std::iota(group_.begin(), group_.end(), 0u);
    const oracle::Model model(data, oracle::Vector(data.rows(), 0), Ties::efron, false);
    for (const oracle::Event& event : model.events()) {
      for (const std::size_t i : event.risk) {
        at_risk_[i] = true;
        join(event.risk[0], i);
      }
    }
  }
  bool at_risk(std::size_t i) const { return at_risk_[i]; }
  bool linked(std::size_t i, std::size_t j) const { return group_[i] == group_[j]; }

 private:
  void join(std::size_t i, std::size_t j) {
    const std::size_t from = group_[j], to = group_[i];
    for (std::size_t& g : group_) g = g == from ? to : g;
  }

  std::vector<std::size_t> group_;
  std::vector<bool> at_risk_;
};

// Returns the number of runs.
std::size_t expect_by_definition(const Data& data) {
  const RiskOrder order = build_risk_order(data.response(), true);
  const LinkedRows rows = link_rows(order);
  const Links links(data);
  EXPECT_EQ(rows.begin.front(), 0);
  EXPECT_EQ(rows.begin.back(), int(data.rows()));
  for (std::size_t a = 0; a < data.rows(); ++a) {
    const std::size_t i = std::size_t(order.row[a]);
    if (rows.runs() > 1) {
      EXPECT_EQ(rows.at_risk[a] != 0, links.at_risk(i)) << "row " << i;
    }
    for (std::size_t b = 0; b < a && links.at_risk(i); ++b) {
      const std::size_t j = std::size_t(order.row[b]);
      if (!links.at_risk(j)) continue;
      EXPECT_EQ(rows.run_of(a) == rows.run_of(b), links.linked(i, j)) << i << " and " << j;
    }
  }
  return rows.runs();
}

TEST(LinkedRows, RowsShareARunWhereRiskSetsLinkThem) {
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const std::size_t rows = seed % 4 == 0 ? seed / 4 + 1 : 50;
    most = std::max(most, expect_by_definition(short_visits(rows, seed % 2 == 0, 8000 + seed)));
  }
  EXPECT_GT(most, 6u);
}

TEST(LinkedRows, FromTheBeginningAStratumIsOneRun) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Data data = short_visits(50, true, 8100 + seed);
    data.entry.clear();
    EXPECT_EQ(expect_by_definition(data), 3u);
    data.stratum.clear();
    EXPECT_EQ(expect_by_definition(data), 1u);
  }
}

}  // namespace
}  // namespace lmsurv
