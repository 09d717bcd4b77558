#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <vector>

#include "cox_fit.hpp"
#include "fitted_model.hpp"
#include "oracle.hpp"

namespace lmsurv {

// Rows with any predictors: residuals, hazards and tests of a model are defined whether or not one
// was fitted.
struct Sample {
  oracle::Data data;
  Ties ties = Ties::efron;
  bool frequency = false;
  std::vector<double> eta;

  FittedModel model() const { return {data.response(), eta.data(), ties, frequency, true, {}}; }
  oracle::Model direct() const {
    return {data, oracle::Vector(eta.begin(), eta.end()), ties, frequency};
  }
};

inline std::ostream& operator<<(std::ostream& out, const Sample& s) {
  return out << s.data.rows() << " rows, method " << int(s.ties) << ", counts " << s.frequency
             << ", entry " << !s.data.entry.empty() << ", strata " << !s.data.stratum.empty();
}

// Two columns with the effects 0.8 and -0.4.
inline Sample random_sample(const oracle::Shape& shape, Ties ties, std::uint64_t seed) {
  const bool frequency = shape.weights == oracle::Weights::counts;
  Sample out{oracle::random_data(shape, seed), ties, frequency, {}};
  for (std::size_t i = 0; i < shape.rows; ++i) {
    out.eta.push_back(0.8 * out.data.x[0][i] - 0.4 * out.data.x[1][i]);
  }
  return out;
}

// check(sample) for samples of all sizes and kinds that have an event.
template <class Check>
void for_samples(std::uint64_t seed, Check check) {
  for (const std::size_t rows : {1, 2, 5, 50, 300}) {
    for (int bits = 0; bits < 8; ++bits) {
      oracle::Shape shape{rows, 2, (bits & 1) != 0, (bits & 2) != 0};
      shape.entry = (bits & 4) != 0;
      for (const auto weights :
           {oracle::Weights::none, oracle::Weights::cases, oracle::Weights::counts}) {
        for (const Ties ties : {Ties::efron, Ties::breslow, Ties::exact}) {
          shape.weights = weights;
          const Sample sample = random_sample(shape, ties, ++seed);
          bool events = false;
          for (const int status : sample.data.status) events = events || status;
          if (!events) continue;  // test_no_events.cpp
          SCOPED_TRACE(sample);
          check(sample);
        }
      }
    }
  }
}

inline CoxFit fit(const oracle::Data& data, const CoxOptions& options = {}) {
  return fit_cox(data.columns(), data.response(), options);
}

// Two fits that converged at the same maximum: b's coefficients are `unit` times a's, its log
// likelihoods smaller by `shift`.
inline void expect_same_fit(const CoxFit& a, const CoxFit& b, double tolerance,
                            const std::vector<double>& unit = {1, 1}, double shift = 0) {
  using oracle::distance;
  const std::size_t p = unit.size();
  ASSERT_TRUE(a.converged);
  ASSERT_TRUE(b.converged);
  EXPECT_EQ(b.diverging, std::vector<int>(p, 0));
  EXPECT_EQ(b.aliased, std::vector<bool>(p, false));
  EXPECT_LE(distance(b.loglik[0] + shift, a.loglik[0], 1), tolerance);
  EXPECT_LE(distance(b.loglik[1] + shift, a.loglik[1], 1), tolerance);
  EXPECT_LE(distance(b.score_test, a.score_test, 1), tolerance);
  for (std::size_t j = 0; j < p; ++j) {
    const Eigen::Index at = Eigen::Index(j);
    const double error = std::sqrt(a.variance(at, at));
    EXPECT_LE(distance(b.coefficients[at] / unit[j], a.coefficients[at], error), tolerance);
    for (std::size_t k = 0; k < p; ++k) {
      const Eigen::Index other = Eigen::Index(k);
      const double v = b.variance(at, other) / unit[j] / unit[k];
      EXPECT_LE(distance(v, a.variance(at, other), error * std::sqrt(a.variance(other, other))),
                tolerance);
    }
  }
}

}  // namespace lmsurv
