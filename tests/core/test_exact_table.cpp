#include "exact_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lmsurv {
namespace {

constexpr double kTolerance = 1e-11;

using Table = std::vector<std::vector<int>>;

// All tables with given margins, cell by cell.
class AllTables {
 public:
  explicit AllTables(const Table& observed) : table_(observed) {
    row_.assign(observed.size(), 0);
    column_.assign(observed[0].size(), 0);
    for (std::size_t i = 0; i < row_.size(); ++i) {
      for (std::size_t j = 0; j < column_.size(); ++j) {
        row_[i] += observed[i][j];
        column_[j] += observed[i][j];
      }
    }
    observed_ = probability();
    visit(0, 0);
  }

  double p() const { return static_cast<double>(extreme_ / all_); }

 private:
  long double probability() const {
    long double log_p = 0;
    for (const auto& row : table_) {
      for (const int x : row) log_p -= std::lgamma(static_cast<long double>(x) + 1);
    }
    return log_p;
  }

  void visit(std::size_t i, std::size_t j) {
    if (i + 1 == row_.size()) {
      table_[i] = column_;
      const long double log_p = probability();
      const long double weight = std::exp(log_p - observed_);
      all_ += weight;
      if (log_p <= observed_ + 1e-7L) extreme_ += weight;
      return;
    }
    const bool last = j + 1 == column_.size();
    const int most = std::min(row_[i], column_[j]);
    for (int x = last ? row_[i] : 0; x <= most; ++x) {
      table_[i][j] = x;
      row_[i] -= x;
      column_[j] -= x;
      last ? visit(i + 1, 0) : visit(i, j + 1);
      row_[i] += x;
      column_[j] += x;
    }
  }

  Table table_;
  std::vector<int> row_, column_;
  long double observed_ = 0, all_ = 0, extreme_ = 0;
};

ExactTable exact(const Table& table, const TableLimits& limits = {}) {
  std::vector<double> counts;
  for (std::size_t j = 0; j < table[0].size(); ++j) {
    for (const auto& row : table) counts.push_back(row[j]);
  }
  return exact_table_test(counts, table.size(), limits, {});
}

Table transposed(const Table& table) {
  Table out(table[0].size(), std::vector<int>(table.size()));
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table[0].size(); ++j) out[j][i] = table[i][j];
  }
  return out;
}

Table random_table(std::size_t rows, std::size_t columns, int total, std::mt19937_64& random) {
  Table table(rows, std::vector<int>(columns, 0));
  for (std::size_t i = 0; i < rows; ++i) table[i][random() % columns] = 1;
  for (std::size_t j = 0; j < columns; ++j) ++table[random() % rows][j];
  for (int k = 0; k < total; ++k) ++table[random() % (1 + random() % rows)][random() % columns];
  return table;
}

// Margins 2 2 by 2 2: the first cell is 0, 1 or 2 with probability 1/6, 4/6 and 1/6.
TEST(ExactTable, ByHand) {
  EXPECT_NEAR(exact({{2, 0}, {0, 2}}).p, 1.0 / 3, 1e-15);
  EXPECT_NEAR(exact({{1, 1}, {1, 1}}).p, 1, 1e-15);
  // Three rows of one, columns 1 and 2: all three tables are equally likely.
  EXPECT_NEAR(exact({{1, 0}, {0, 1}, {0, 1}}).p, 1, 1e-15);
  // Diagonal of 1s, 3 x 3: six tables of permutations, equally likely.
  EXPECT_NEAR(exact({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}).p, 1, 1e-15);
  // Diagonal of 2s: 2!^6 / (6! 2!^3) = 1 / 90, and so its five permutations; others are likelier.
  EXPECT_NEAR(exact({{2, 0, 0}, {0, 2, 0}, {0, 0, 2}}).p, 6.0 / 90, 1e-15);
}

TEST(ExactTable, ByAllTables) {
  std::mt19937_64 random(7100);
  for (int trial = 0; trial < 400; ++trial) {
    const std::size_t rows = 2 + random() % 4;
    const std::size_t columns = 2 + random() % (rows > 3 ? 2 : 3);
    const Table table = random_table(rows, columns, int(random() % 14), random);
    SCOPED_TRACE(trial);
    const double expected = AllTables(table).p();
    const ExactTable actual = exact(table);
    ASSERT_TRUE(actual.done);
    EXPECT_LE(std::fabs(actual.p - expected), kTolerance * expected);
    EXPECT_LE(std::fabs(exact(transposed(table)).p - expected), kTolerance * expected);
  }
}

TEST(ExactTable, ByAllTablesOfManyValues) {
  std::mt19937_64 random(7150);
  for (int trial = 0; trial < 40; ++trial) {
    const Table table = trial % 2 ? random_table(5, 2, 60, random) : random_table(4, 3, 20, random);
    const double expected = AllTables(table).p();
    EXPECT_LE(std::fabs(exact(table).p - expected), kTolerance * expected);
  }
}

TEST(ExactTable, OrderOfRowsAndColumnsIsFree) {
  std::mt19937_64 random(7200);
  for (int trial = 0; trial < 50; ++trial) {
    Table table = random_table(5, 3, 30, random);
    const double expected = exact(table).p;
    std::swap(table[0], table[4]);
    std::swap(table[1], table[2]);
    for (auto& row : table) std::swap(row[0], row[2]);
    EXPECT_LE(std::fabs(exact(table).p - expected), kTolerance * expected);
  }
}

TEST(ExactTable, GivesUpAtEachLimit) {
  std::mt19937_64 random(7300);
  const Table table = random_table(5, 4, 80, random);
  ASSERT_TRUE(exact(table).done);
  TableLimits few;
  few.partial_tables = 1e3;
  EXPECT_FALSE(exact(table, few).done);
  TableLimits hasty;
  hasty.steps = 1e4;
  EXPECT_FALSE(exact(table, hasty).done);
  TableLimits narrow;
  narrow.transitions = 1e3;
  EXPECT_FALSE(exact(table, narrow).done);
  Table wide(70, std::vector<int>(70, 0));  // more margins than a key can hold
  for (std::size_t i = 0; i < 70; ++i) wide[i][i] = 1;
  EXPECT_FALSE(exact(wide).done);
}

// Symmetric nodes and equal products are one, and partial tables that are decided are dropped.
TEST(ExactTable, Cost) {
  TableLimits limits;
  limits.partial_tables = 7.5e4;  // nodes held count as well, a dozen each
  limits.transitions = 4e4;
  limits.steps = 3e5;
  EXPECT_TRUE(
      exact({{5, 1, 2}, {0, 7, 6}, {3, 0, 4}, {9, 2, 1}, {1, 1, 5}, {8, 3, 3}}, limits).done);
  const ExactTable equal_rows = exact(Table(10, std::vector<int>{10, 10}), limits);
  EXPECT_TRUE(equal_rows.done);
  EXPECT_NEAR(equal_rows.p, 1, 1e-12);  // nothing is likelier
}

TEST(ExactTable, CanBeInterrupted) {
  Execution execution;
  execution.interrupt = [] { throw std::runtime_error("stop"); };
  // A table with work for longer than the pause between two questions.
  std::vector<double> counts(24);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = double(3 + (7 * i) % 11);
  EXPECT_THROW(exact_table_test(counts, 6, {}, execution), std::runtime_error);
}

}  // namespace
}  // namespace lmsurv
