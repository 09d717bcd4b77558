#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "design.hpp"
#include "response.hpp"

// Rows of every kind that the estimators take, at random.
namespace oracle {

struct Data {
  std::vector<double> time, entry, weight, offset;
  std::vector<int> status, stratum;
  std::vector<std::vector<double>> x;  // columns

  std::size_t rows() const { return time.size(); }
  double weight_of(std::size_t i) const { return weight.empty() ? 1 : weight[i]; }
  int stratum_of(std::size_t i) const { return stratum.empty() ? 1 : stratum[i]; }

  lmsurv::Response response() const {
    const auto or_null = [](const auto& v) { return v.empty() ? nullptr : v.data(); };
    lmsurv::Response r;
    r.rows = rows();
    r.time = time.data();
    r.status = status.data();
    r.entry = or_null(entry);
    r.stratum = or_null(stratum);
    r.weight = or_null(weight);
    r.offset = or_null(offset);
    return r;
  }
  std::vector<lmsurv::Column> columns() const {
    std::vector<lmsurv::Column> out(x.size());
    for (std::size_t j = 0; j < x.size(); ++j) out[j].number = x[j].data();
    return out;
  }
  // The given rows, which may repeat.
  Data take(const std::vector<std::size_t>& which) const {
    const auto pick = [&](const auto& v) {
      auto out = v;
      out.clear();
      if (!v.empty()) {
        for (std::size_t i : which) out.push_back(v[i]);
      }
      return out;
    };
    Data out{pick(time), pick(entry), pick(weight), pick(offset), pick(status), pick(stratum), {}};
    for (const auto& column : x) out.x.push_back(pick(column));
    return out;
  }
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }
  int integer(int lo, int hi) {
    return lo + static_cast<int>(engine_() % std::uint64_t(hi - lo + 1));
  }
  bool chance(double p) { return uniform() < p; }
  std::vector<std::size_t> permutation(std::size_t n) {
    std::vector<std::size_t> out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = i;
    for (std::size_t i = n; i > 1; --i) std::swap(out[i - 1], out[engine_() % i]);
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

enum class Weights { none, cases, counts };

struct Shape {
  std::size_t rows = 50;
  std::size_t columns = 2;
  bool ties = true;
  bool strata = false;              // 1, 2 and 4; 3 has no rows, 4 has no events
  Weights weights = Weights::none;  // a tenth of them zero
  bool offset = false;
  bool entry = false;  // a third of the entry times equal another row's exit
};

inline double random_entry(Random& random, const Data& data, std::size_t i, bool ties) {
  const double time = data.time[i];
  if (random.chance(0.1)) return ties ? time - 1 : time - 1e-4;
  if (random.chance(0.3)) {
    const double other = data.time[std::size_t(random.integer(0, int(data.rows()) - 1))];
    if (other < time) return other;
  }
  return ties ? random.integer(0, int(time) - 1) : time * random.uniform(0, 0.99);
}

inline Data random_data(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  Data data;
  const int times = std::max(3, int(shape.rows) / 5);
  for (std::size_t i = 0; i < shape.rows; ++i) {
    data.time.push_back(shape.ties ? random.integer(1, times) : random.uniform(1, 100));
    data.status.push_back(random.chance(0.7));
    if (shape.strata) {
      data.stratum.push_back(std::vector<int>{1, 2, 4}[std::size_t(random.integer(0, 2))]);
      if (data.stratum.back() == 4) data.status.back() = 0;
    }
    if (shape.weights != Weights::none) {
      const bool cases = shape.weights == Weights::cases;
      const double weight = cases ? random.uniform(0.2, 3) : random.integer(1, 3);
      data.weight.push_back(random.chance(0.1) ? 0 : weight);
    }
    if (shape.offset) data.offset.push_back(random.uniform(-1, 1));
  }
  for (std::size_t i = 0; i < shape.rows && shape.entry; ++i) {
    data.entry.push_back(random_entry(random, data, i, shape.ties));
  }
  // An event without any weight at risk: test_zero_weights.cpp.
  for (std::size_t i = 0; i < shape.rows; ++i) {
    double at_risk = 0;
    for (std::size_t j = 0; j < shape.rows && data.weight_of(i) == 0; ++j) {
      const bool same = data.stratum_of(i) == data.stratum_of(j) && data.time[j] >= data.time[i];
      if (same && (data.entry.empty() || data.entry[j] < data.time[i])) at_risk += data.weight[j];
    }
    if (data.weight_of(i) == 0 && at_risk == 0) data.status[i] = 0;
  }
  for (std::size_t j = 0; j < shape.columns; ++j) {
    data.x.emplace_back();
    for (std::size_t i = 0; i < shape.rows; ++i) {
      data.x[j].push_back(j % 2 == 0 ? random.uniform(-2, 2) : random.integer(0, 2));
    }
  }
  return data;
}

}  // namespace oracle
