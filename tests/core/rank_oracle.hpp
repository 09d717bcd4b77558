#pragma once

#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "oracle.hpp"
#include "rank_test.hpp"

// Rank tests by definition: a loop over rows for every event, in long double.
namespace oracle {

struct Ranks {
  Matrix observed, expected;  // K x strata
  Vector score;
  Matrix variance;
};

class RankOracle {
 public:
  RankOracle(const Data& data, const std::vector<int>& group, int groups,
             const lmsurv::RankTestOptions& options)
      : data_(data), group_(group), groups_(std::size_t(groups)), options_(options) {}

  Ranks run() const {
    const std::size_t strata = data_.stratum.empty() ? 1 : 4;
    Ranks out{Matrix(groups_, Vector(strata, 0)), Matrix(groups_, Vector(strata, 0)),
              Vector(groups_, 0), Matrix(groups_, Vector(groups_, 0))};
    for (const auto& event : times()) {
      const Risk r = risk(event.first, event.second);
      if (r.deaths == 0) continue;
      const Real v = weight(event.first, event.second);
      const std::size_t s = std::size_t(event.first - 1);
      for (std::size_t j = 0; j < groups_; ++j) {
        out.observed[j][s] += v * r.group_deaths[j];
        out.expected[j][s] += v * r.deaths * r.group_at_risk[j] / r.at_risk;
        out.score[j] += v * (r.group_deaths[j] - r.deaths * r.group_at_risk[j] / r.at_risk);
      }
      if (options_.robust || r.at_risk <= 1) continue;
      for (std::size_t i = 0; i < groups_; ++i) {
        for (std::size_t j = 0; j < groups_; ++j) {
          const Real pi = r.group_at_risk[i] / r.at_risk, pj = r.group_at_risk[j] / r.at_risk;
          out.variance[i][j] +=
              v * v * r.deaths * (r.at_risk - r.deaths) / (r.at_risk - 1) * pi * ((i == j) - pj);
        }
      }
    }
    if (options_.robust) out.variance = sandwich();
    return out;
  }

 private:
  struct Risk {
    Vector group_at_risk, group_deaths;
    Real at_risk = 0, deaths = 0;
  };

  std::set<std::pair<int, double>> times() const {
    std::set<std::pair<int, double>> out;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      if (data_.status[i]) out.insert({data_.stratum_of(i), data_.time[i]});
    }
    return out;
  }

  bool at_risk(std::size_t i, int stratum, double time) const {
    return data_.stratum_of(i) == stratum && data_.time[i] >= time &&
           (data_.entry.empty() || data_.entry[i] < time);
  }

  Risk risk(int stratum, double time) const {
    Risk r{Vector(groups_, 0), Vector(groups_, 0), 0, 0};
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      if (!at_risk(i, stratum, time)) continue;
      const std::size_t g = std::size_t(group_[i] - 1);
      r.group_at_risk[g] += data_.weight_of(i);
      r.at_risk += data_.weight_of(i);
      if (!data_.status[i] || data_.time[i] != time) continue;
      r.group_deaths[g] += data_.weight_of(i);
      r.deaths += data_.weight_of(i);
    }
    return r;
  }

  Real weight(int stratum, double time) const {
    using lmsurv::TestWeight;
    const Real n = risk(stratum, time).at_risk;
    if (options_.weight == TestWeight::logrank) return 1;
    if (options_.weight == TestWeight::gehan) return n;
    if (options_.weight == TestWeight::tarone_ware) return std::sqrt(n);
    Real before = 1, peto = 1;
    for (const auto& event : times()) {
      if (event.first != stratum || event.second > time) continue;
      const Risk r = risk(stratum, event.second);
      peto *= 1 - r.deaths / (r.at_risk + 1);
      if (event.second < time && r.at_risk > 0) before *= 1 - r.deaths / r.at_risk;
    }
    if (options_.weight == TestWeight::peto) return peto;
    if (std::fabs(before) < 1e-15L) before = 0;  // nobody survived: rounding of fractional weights
    return std::pow(before, Real(options_.rho)) * std::pow(1 - before, Real(options_.gamma));
  }

  Vector contribution(std::size_t i) const {
    Vector out(groups_, 0);
    for (const auto& event : times()) {
      if (!at_risk(i, event.first, event.second)) continue;
      const Risk r = risk(event.first, event.second);
      if (r.at_risk == 0) continue;
      const Real v = weight(event.first, event.second);
      const bool dies = data_.status[i] && data_.time[i] == event.second;
      for (std::size_t j = 0; j < groups_; ++j) {
        const bool own = std::size_t(group_[i] - 1) == j;
        out[j] += v * (dies - r.deaths / r.at_risk) * (own - r.group_at_risk[j] / r.at_risk);
      }
    }
    return out;
  }

  Matrix sandwich() const {
    const bool clustered = options_.cluster != nullptr;
    Matrix sums(clustered ? std::size_t(options_.clusters) : data_.rows(), Vector(groups_, 0));
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      const Real w = data_.weight_of(i);
      const Real scale = !clustered && options_.frequency ? std::sqrt(w) : w;
      const Vector r = contribution(i);
      Vector& sum = sums[clustered ? std::size_t(options_.cluster[i] - 1) : i];
      for (std::size_t j = 0; j < groups_; ++j) sum[j] += scale * r[j];
    }
    Matrix out(groups_, Vector(groups_, 0));
    for (const Vector& r : sums) {
      for (std::size_t i = 0; i < groups_; ++i) {
        for (std::size_t j = 0; j < groups_; ++j) out[i][j] += r[i] * r[j];
      }
    }
    return out;
  }

  const Data& data_;
  const std::vector<int>& group_;
  const std::size_t groups_;
  const lmsurv::RankTestOptions& options_;
};

}  // namespace oracle
