#include "exact_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace lmsurv {
namespace {

struct LimitReached {};

// A node and its place in the index take about as much memory as so many partial tables.
constexpr double kPartialsOfNode = 12;

// Partial tables at one node. `value` is the log of the product of the multinomial coefficients so
// far, `chance` the probability of getting here by such a product.
struct Partial {
  double value, chance;
};

// Margins that may be left before a row, in descending order.
struct Node {
  std::vector<int> left;
  double log_tables = 0;       // log of the sum of the products that can follow
  double most = 0, least = 0;  // logs of the largest and smallest of them
  std::vector<Partial> partial;
  std::size_t merge_at = 1024;  // their number at which equal ones are looked for
};

class LogFactorials {
 public:
  explicit LogFactorials(int n) : value_(std::size_t(n) + 1) {
    for (std::size_t i = 1; i < value_.size(); ++i) value_[i] = std::lgamma(double(i) + 1);
  }
  double operator()(int n) const { return value_[std::size_t(n)]; }

 private:
  std::vector<double> value_;
};

class Network {
 public:
  Network(std::vector<int> rows, std::vector<int> columns, int total, const TableLimits& limits,
          const Execution& execution)
      : rows_(std::move(rows)),
        log_factorial_(total),
        limits_(limits),
        pacer_(execution.interrupt),
        stages_(rows_.size()) {
    std::sort(rows_.begin(), rows_.end());
    std::sort(columns.rbegin(), columns.rend());
    base_ = std::uint64_t(columns[0]) + 1;
    if (double(columns.size()) * std::log2(double(base_)) > 63) throw LimitReached{};
    add_node(0, columns);
    for (std::size_t t = 0; t + 1 < rows_.size(); ++t) open_stage(t + 1);
    for (std::size_t t = rows_.size(); t-- > 0;) find_bounds(t);
  }

  // The probability of all tables whose product has a log of at most `limit`.
  double chance_up_to(double limit) {
    stages_[0].nodes[0].partial = {{0.0, 1.0}};
    chance_ = 0;
    for (std::size_t t = 0; t < rows_.size(); ++t) {
      for (Node& node : stages_[t].nodes) {
        follow(t, node, limit);
        std::vector<Partial>().swap(node.partial);
      }
    }
    return std::min(chance_, 1.0);
  }

 private:
  struct Stage {
    std::vector<Node> nodes;
    std::unordered_map<std::uint64_t, std::size_t> place;  // of a node, by its key
  };

  std::uint64_t key(const std::vector<int>& left) const {
    std::uint64_t key = 0;
    for (const int sum : left) key = key * base_ + std::uint64_t(sum);
    return key;
  }

  std::size_t add_node(std::size_t t, const std::vector<int>& left) {
    Stage& stage = stages_[t];
    const auto found = stage.place.emplace(key(left), stage.nodes.size());
    if (!found.second) return found.first->second;
    Node node;
    node.left = left;
    int total = 0;
    for (const int sum : left) {
      total += sum;
      node.log_tables -= log_factorial_(sum);
    }
    node.log_tables += log_factorial_(total);
    stage.nodes.push_back(std::move(node));
    hold_more(kPartialsOfNode + double(left.size()));
    return stage.nodes.size() - 1;
  }

  // action(log multinomial coefficient, margins left) for every way to fill row t from `left`.
  template <class Action>
  void fill_row(std::size_t t, const std::vector<int>& left, Action action) {
    std::vector<int> after(left);
    std::vector<int> room(left.size() + 1, 0);  // in this column and those to the right
    for (std::size_t j = left.size(); j-- > 0;) room[j] = room[j + 1] + left[j];
    fill_column(left, room, 0, rows_[t], log_factorial_(rows_[t]), after, action);
  }

  template <class Action>
  void fill_column(const std::vector<int>& left, const std::vector<int>& room, std::size_t j,
                   int rest, double value, std::vector<int>& after, Action& action) {
    if (j + 1 == left.size()) {
      if (++transitions_ > limits_.transitions) throw LimitReached{};
      pacer_.work(10.0 * double(left.size()));
      after[j] = left[j] - rest;
      sorted_ = after;
      std::sort(sorted_.rbegin(), sorted_.rend());
      action(value - log_factorial_(rest), sorted_);
      return;
    }
    for (int x = std::max(0, rest - room[j + 1]); x <= std::min(rest, left[j]); ++x) {
      after[j] = left[j] - x;
      fill_column(left, room, j + 1, rest - x, value - log_factorial_(x), after, action);
    }
  }

  void open_stage(std::size_t t) {
    for (std::size_t i = 0; i < stages_[t - 1].nodes.size(); ++i) {
      fill_row(t - 1, stages_[t - 1].nodes[i].left,
               [&](double, const std::vector<int>& after) { add_node(t, after); });
    }
  }

  void find_bounds(std::size_t t) {
    for (Node& node : stages_[t].nodes) {
      if (t + 1 == rows_.size()) {
        node.most = node.least = node.log_tables;
        continue;
      }
      node.most = -HUGE_VAL;
      node.least = HUGE_VAL;
      fill_row(t, node.left, [&](double value, const std::vector<int>& after) {
        const Node& next = next_node(t, after);
        node.most = std::max(node.most, value + next.most);
        node.least = std::min(node.least, value + next.least);
      });
    }
  }

  Node& next_node(std::size_t t, const std::vector<int>& after) {
    Stage& stage = stages_[t + 1];
    return stage.nodes[stage.place.find(key(after))->second];
  }

  // Carries the partial tables of a node on by row t. Sorted by value, those whose every table
  // counts come first, and those of which none does last.
  void follow(std::size_t t, Node& node, double limit) {
    merge_equal(node.partial);
    const std::vector<Partial>& partial = node.partial;
    if (partial.empty()) return;
    std::vector<double> below(partial.size() + 1, 0.0);  // sums of the chances
    for (std::size_t i = 0; i < partial.size(); ++i) below[i + 1] = below[i] + partial[i].chance;
    const auto up_to = [&](double value) {
      return std::upper_bound(partial.begin(), partial.end(), value,
                              [](double v, const Partial& p) { return v < p.value; }) -
             partial.begin();
    };
    if (t + 1 == rows_.size()) {
      chance_ += below[std::size_t(up_to(limit - node.most))];
      return;
    }
    fill_row(t, node.left, [&](double value, const std::vector<int>& after) {
      Node& next = next_node(t, after);
      const double share = std::exp(value + next.log_tables - node.log_tables);
      const std::ptrdiff_t all = up_to(limit - value - next.most);
      const std::ptrdiff_t some = up_to(limit - value - next.least);
      chance_ += share * below[std::size_t(all)];
      steps_ += double(some - all) + 1;
      pacer_.work(double(some - all));
      if (steps_ > limits_.steps) throw LimitReached{};
      for (std::ptrdiff_t i = all; i < some; ++i) {
        const Partial& p = partial[std::size_t(i)];
        next.partial.push_back({p.value + value, p.chance * share});
      }
      if (some > all) hold(next, double(some - all));
    });
  }

  void hold_more(double more) {
    held_ += more;
    if (held_ > limits_.partial_tables) throw LimitReached{};
  }

  void hold(Node& node, double more) {
    held_ += more;
    if (node.partial.size() >= node.merge_at) {
      merge_equal(node.partial);
      held_ += double(node.partial.size());
      node.merge_at = std::max(node.merge_at, 2 * node.partial.size());
    }
    hold_more(0);
  }

  // Sorts by value. Products that differ by rounding alone become one; 1e-10 lies between that and
  // the tolerance. They no longer count as held.
  void merge_equal(std::vector<Partial>& partial) {
    if (partial.empty()) return;
    held_ -= double(partial.size());
    std::sort(partial.begin(), partial.end(), [this](const Partial& a, const Partial& b) {
      pacer_.work(1);
      return a.value < b.value;
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < partial.size(); ++i) {
      if (partial[i].value - partial[last].value <= 1e-10) {
        partial[last].chance += partial[i].chance;
      } else {
        partial[++last] = partial[i];
      }
    }
    partial.resize(last + 1);
  }

  std::vector<int> rows_;
  LogFactorials log_factorial_;
  const TableLimits& limits_;
  Pacer pacer_;
  std::vector<Stage> stages_;
  std::uint64_t base_ = 0;
  std::vector<int> sorted_;
  double transitions_ = 0, steps_ = 0, held_ = 0;
  double chance_ = 0;
};

}  // namespace

ExactTable exact_table_test(const std::vector<double>& counts, std::size_t rows,
                            const TableLimits& limits, const Execution& execution,
                            double tolerance) {
  const std::size_t columns = counts.size() / rows;
  std::vector<int> row_sums(rows, 0), column_sums(columns, 0);
  int total = 0;
  double product = 0;  // log, of all but the row sums
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const int x = static_cast<int>(counts[i]);
    row_sums[i % rows] += x;
    column_sums[i / rows] += x;
    total += x;
    product -= std::lgamma(double(x) + 1);
  }
  if (rows < columns) row_sums.swap(column_sums);
  for (const int sum : row_sums) product += std::lgamma(double(sum) + 1);
  try {
    Network network(row_sums, column_sums, total, limits, execution);
    return {true, network.chance_up_to(product + tolerance)};
  } catch (const LimitReached&) {
    return {};
  }
}

}  // namespace lmsurv
