#include "cox_fit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "cox_likelihood.hpp"
#include "firth.hpp"
#include "newton.hpp"
#include "risk_order.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;

constexpr std::size_t kWorthAThread = 100000;  // elements of the design
constexpr double kFlat = 100;

void check_events(const RiskOrder& order, const RowTerms& terms, Ties ties, bool firth) {
  bool event = false;
  for (int k = 0; k < order.events() && !event; ++k) {
    for (int i = order.death_begin[k]; i < order.death_end[k]; ++i) {
      event = event || terms.weight_at(std::size_t(i)) > 0;
    }
  }
  if (!event) throw InvalidInput("no events", -1);
  if (ties != Ties::exact) return;
  if (firth) throw InvalidInput("exact ties have no Firth penalty", -1);
  for (std::size_t i = 0; i < terms.weight.size(); ++i) {
    const double w = terms.weight[i];
    if (w != 1 && !(terms.frequency && w == std::floor(w))) {
      throw InvalidInput("the exact partial likelihood takes weights that are counts only",
                         order.row[i]);
    }
  }
}

// One death at a time: every method is the same, and exact is the slowest.
Ties ties_needed(const RiskOrder& order, const RowTerms& terms, Ties ties) {
  if (terms.frequency) return ties;
  for (int k = 0; k < order.events(); ++k) {
    if (order.death_end[k] - order.death_begin[k] > 1) return ties;
  }
  return Ties::breslow;
}

class Standardised {
 public:
  explicit Standardised(const StandardDesign& design)
      : scale_(Eigen::Map<const Eigen::VectorXd>(design.scale().data(),
                                                 static_cast<Index>(design.scale().size()))) {}

  Eigen::VectorXd start(const std::vector<double>& init) const {
    if (init.empty()) return Eigen::VectorXd::Zero(scale_.size());
    return Eigen::Map<const Eigen::VectorXd>(init.data(), scale_.size()).cwiseProduct(scale_);
  }
  Eigen::VectorXd coefficients(const Eigen::VectorXd& b) const { return b.cwiseQuotient(scale_); }
  Eigen::VectorXd score(const Eigen::VectorXd& u) const { return u.cwiseProduct(scale_); }
  Eigen::MatrixXd variance(const Eigen::MatrixXd& v) const {
    const Eigen::VectorXd unit = scale_.cwiseInverse();
    return unit.asDiagonal() * v * unit.asDiagonal();
  }

 private:
  Eigen::VectorXd scale_;
};

std::vector<double> in_input_order(const std::vector<double>& by_position, const RiskOrder& order) {
  std::vector<double> values(by_position.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[order.row[i]] = by_position[i];
  return values;
}

// What takes the linear predictor of the centred columns to survival's.
double predictor_shift(const StandardDesign& design, const Eigen::VectorXd& estimate,
                       const std::vector<double>& means) {
  double shift = 0;
  for (std::size_t j = 0; j < design.columns(); ++j) {
    const double b = estimate[static_cast<Index>(j)] / design.scale()[j];
    shift += b * (design.centre()[j] - means[j]);
  }
  return shift;
}

bool diverges(const NewtonResult& result) {
  return std::any_of(result.diverging.begin(), result.diverging.end(),
                     [](int sign) { return sign != 0; });
}

// Standard errors of the effect across a column's range that no data with a maximum would give.
bool flat(const NewtonResult& result, const NewtonOptions& options) {
  for (std::size_t j = 0; j < options.reach.size(); ++j) {
    const Index k = static_cast<Index>(j);
    if (std::sqrt(result.inverse(k, k)) * options.reach[j] > kFlat) return true;
  }
  return false;
}

using Maximiser = std::function<NewtonResult(const Eigen::VectorXd& start)>;

Eigen::VectorXd nearest_to_zero(const Eigen::VectorXd& start, const NewtonOptions& options) {
  Eigen::VectorXd nearest = Eigen::VectorXd::Zero(start.size());
  for (std::size_t j = 0; j < options.held.size(); ++j) {
    const Index k = static_cast<Index>(j);
    if (options.held[j]) nearest[k] = start[k];
  }
  return nearest;
}

// From initial values so far off that the likelihood is flat around them, the search may end
// nowhere or where it began: zero is then tried as well, and the better end is the answer.
NewtonResult search(const Maximiser& maximum_from, const Eigen::VectorXd& start,
                    const NewtonOptions& options) {
  NewtonResult result = maximum_from(start);
  const bool plain = result.converged ? !flat(result, options) : diverges(result);
  if (plain || result.iterations >= options.iter_max) return result;
  const Eigen::VectorXd nearest = nearest_to_zero(start, options);
  if (start == nearest) return result;
  NewtonResult again = maximum_from(nearest);
  if (!(again.final.value >= result.final.value) && !diverges(again)) return result;
  again.initial = result.initial;
  again.score_test = result.score_test;
  again.iterations += result.iterations;
  return again;
}

// Frees the times in use, of which only the merged ones matter after the ordering.
MergedTimes take_merged(std::vector<double>& used, const double* given, const RiskOrder& order) {
  MergedTimes merged;
  if (order.merged_times > 0) {
    for (std::size_t i = 0; i < used.size(); ++i) {
      const int row = order.row[i];
      if (used[i] == given[row]) continue;
      merged.row.push_back(row);
      merged.time.push_back(used[i]);
    }
  }
  std::vector<double>().swap(used);
  return merged;
}

// The penalty is the log of a determinant, so it depends on the units of the columns.
void to_own_units(const StandardDesign& design, NewtonResult& result) {
  double shift = 0;
  for (std::size_t j = 0; j < design.columns(); ++j) {
    if (!result.aliased[j]) shift += std::log(design.scale()[j]);
  }
  result.initial.value += shift;
  result.final.value += shift;
}

struct Maximum {
  NewtonResult result;
  Standardised scale;
  std::vector<double> predictor;  // by position
};

// The order of time and what the columns are like, neither of which needs the other.
struct Measured {
  RiskOrder order;
  std::vector<ColumnSummary> columns;
};

Measured measure(const std::vector<Column>& columns, const Response& response,
                 bool merge_close_times, const Execution& execution) {
  Measured measured{{}, std::vector<ColumnSummary>(columns.size())};
  parallel_for(columns.size() + 1, execution, [&](std::size_t task) {
    if (task == 0) {
      measured.order = build_risk_order(response, merge_close_times);
    } else {
      measured.columns[task - 1] = summarise(columns[task - 1], response.rows, response.weight);
    }
  });
  return measured;
}

// The design and the likelihood, most of the memory of a fit, are gone when this returns.
Maximum maximise_likelihood(const std::vector<Column>& columns, const Response& response,
                            const Measured& measured, const CoxOptions& options,
                            const Execution& execution, CoxFit& fit) {
  const RiskOrder& order = measured.order;
  const RowTerms terms(response, order, options.frequency);
  check_events(order, terms, options.ties, options.firth);
  const bool ones = options.firth || order.delayed_entry();
  const StandardDesign design(columns, measured.columns, order.row, ones, execution);
  CoxLikelihood likelihood(order, design, terms, ties_needed(order, terms, options.ties),
                           execution);

  NewtonOptions newton;
  newton.eps = options.eps;
  newton.toler_chol = options.toler_chol;
  newton.iter_max = options.iter_max;
  newton.reach = design.reach();
  newton.curvature = likelihood.death_weight();
  newton.penalised = options.firth;
  newton.held = options.held;
  const Standardised scale(design);
  const auto maximum_from = [&](const Eigen::VectorXd& start) {
    FirthPenalty penalty(likelihood, newton, execution);
    return maximise(
        [&](const Eigen::VectorXd& beta, Evaluation& out) {
          if (execution.interrupt) execution.interrupt();
          likelihood.evaluate(beta, out);
          if (options.firth) penalty.add_to(beta, out);
        },
        start, newton);
  };
  NewtonResult result = search(maximum_from, scale.start(options.init), newton);
  if (options.firth) to_own_units(design, result);
  fit.means = response.entry && !options.frequency ? design.plain_means() : design.weighted_means();
  std::vector<double> predictor = likelihood.take_linear_predictors(result.estimate);
  const double shift = predictor_shift(design, result.estimate, fit.means);
  for (double& eta : predictor) eta += shift;
  return {std::move(result), scale, std::move(predictor)};
}

}  // namespace

CoxFit fit_cox(const std::vector<Column>& columns, const Response& response,
               const CoxOptions& options) {
  if (response.rows == 0) throw InvalidInput("no rows", -1);
  CoxFit fit;
  Execution execution = options.execution;
  if (response.rows * (columns.size() + 1) < kWorthAThread) execution.threads = 1;
  Measured measured = measure(columns, response, options.merge_close_times, execution);
  RiskOrder& order = measured.order;
  fit.merged_times = order.merged_times;
  fit.time = take_merged(order.time, response.time, order);
  if (response.entry) fit.entry = take_merged(order.entry, response.entry, order);
  const Maximum maximum = maximise_likelihood(columns, response, measured, options, execution, fit);
  const NewtonResult& result = maximum.result;

  fit.coefficients = maximum.scale.coefficients(result.estimate);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (result.aliased[j]) {
      fit.coefficients[static_cast<Index>(j)] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  fit.variance = maximum.scale.variance(result.inverse);
  fit.score = maximum.scale.score(result.final.score);
  fit.loglik[0] = result.initial.value;
  fit.loglik[1] = result.final.value;
  fit.score_test = result.score_test;
  fit.iterations = result.iterations;
  fit.converged = result.converged;
  fit.diverging = result.diverging;
  fit.aliased = result.aliased;
  fit.linear_predictors = in_input_order(maximum.predictor, order);
  return fit;
}

}  // namespace lmsurv
