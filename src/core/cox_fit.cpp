#include "cox_fit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "climb.hpp"
#include "cox_likelihood.hpp"
#include "curvature.hpp"
#include "firth.hpp"
#include "newton.hpp"
#include "risk_order.hpp"
#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

using Eigen::Index;

constexpr double kFlat = 100;
constexpr double kLargeOffset = 100;

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

// What takes the linear predictor of the centred columns to survival's, for rows of a single run.
double predictor_shift(const StandardDesign& design, const Eigen::VectorXd& estimate,
                       const std::vector<double>& means) {
  const double* centre = design.centre_at(0);
  double shift = 0;
  for (std::size_t j = 0; j < design.columns(); ++j) {
    const double b = estimate[static_cast<Index>(j)] / design.scale()[j];
    shift += b * (centre[j] - means[j]);
  }
  return shift;
}

std::vector<double> linear_predictors(const std::vector<Column>& columns, const Response& response,
                                      const Eigen::VectorXd& coefficients,
                                      const std::vector<double>& means) {
  std::vector<double> eta(response.rows);
  if (response.offset) std::copy(response.offset, response.offset + response.rows, eta.begin());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    add_centred(columns[j], means[j], coefficients[static_cast<Index>(j)], eta);
  }
  return eta;
}

bool any(const std::vector<bool>& flags) {
  return std::find(flags.begin(), flags.end(), true) != flags.end();
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

// A constant part of the offset within a run is nothing, but takes the last digits of all that is
// added to it. Returns whether the offset has changed.
bool centre_offset(const RiskOrder& order, std::vector<double>& offset) {
  const auto is_large = [](double value) { return std::fabs(value) > kLargeOffset; };
  if (std::none_of(offset.begin(), offset.end(), is_large)) return false;
  const LinkedRows linked = link_rows(order);
  for (std::size_t run = 0; run < linked.runs(); ++run) {
    const auto begin = offset.begin() + linked.begin[run];
    const auto end = offset.begin() + linked.begin[run + 1];
    const double constant =
        begin == end ? 0 : *std::min_element(begin, end, [](double a, double b) {
          return std::fabs(a) < std::fabs(b);
        });
    for (auto value = begin; value != end; ++value) *value -= constant;
  }
  return true;
}

bool at_zero(const Eigen::VectorXd& start, const RowTerms& terms) {
  const auto nothing = [](double value) { return value == 0; };
  return start.isZero(0) && std::all_of(terms.offset.begin(), terms.offset.end(), nothing);
}

// Where offset or initial values let a few rows outweigh all others, the start tells nothing of the
// rank of the columns and Newton's method has nothing to go by: the rank is then taken from the
// columns themselves, and a climb leads to where it is seen.
NewtonResult search_degenerate(CoxLikelihood& likelihood, const Maximiser& maximum_from,
                               const Eigen::VectorXd& start, const NewtonOptions& options,
                               NewtonResult result) {
  const Eigen::MatrixXd information = likelihood.column_information();
  if (!information.allFinite()) return result;
  const Curvature rank(information, options.toler_chol, options.curvature, options.held,
                       options.pause);
  const bool lost = rank.aliased() != result.aliased;
  if (!lost && (result.converged || diverges(result))) return result;
  const Objective plain = [&](const Eigen::VectorXd& beta, Evaluation& out) {
    likelihood.pause();
    likelihood.evaluate(beta, out);
  };
  const Summit summit = climb(plain, start, information, rank.aliased(), options);
  NewtonResult again = maximum_from(summit.point);
  again.initial = result.initial;
  again.score_test = result.score_test;
  again.iterations += summit.steps;
  if (again.aliased == rank.aliased()) return again;
  again.aliased = rank.aliased();
  again.converged = false;
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
  std::vector<double> predictor;  // by position; empty where centre or offset differ between runs
};

// The order of time and what the columns are like, neither of which needs the other.
struct Measured {
  RiskOrder order;
  std::vector<ColumnSummary> columns;
};

Measured measure(const std::vector<Column>& columns, const Response& response,
                 bool merge_close_times, const Execution& execution) {
  Measured measured{{}, std::vector<ColumnSummary>(columns.size())};
  parallel_for(columns.size() + 1, execution, [&](std::size_t task, const auto& pause) {
    if (task == 0) {
      Execution here;
      here.interrupt = pause;
      measured.order = build_risk_order(response, merge_close_times, here);
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
  RowTerms terms(response, order, options.frequency);
  const bool offset_centred = centre_offset(order, terms.offset);
  check_events(order, terms, options.ties, options.firth);
  const bool ones = options.firth || order.delayed_entry();
  const StandardDesign design(columns, measured.columns, order, response.weight, ones, execution);
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
  newton.pause = execution.interrupt;
  const Standardised scale(design);
  const auto maximum_from = [&](const Eigen::VectorXd& start) {
    FirthPenalty penalty(likelihood, newton, execution);
    return maximise(
        [&](const Eigen::VectorXd& beta, Evaluation& out) {
          likelihood.pause();
          likelihood.evaluate(beta, out);
          if (options.firth) penalty.add_to(beta, out);
        },
        start, newton);
  };
  const Eigen::VectorXd start = scale.start(options.init);
  NewtonResult result = search(maximum_from, start, newton);
  const bool doubtful = !result.converged || any(result.aliased);
  if (doubtful && result.iterations < options.iter_max && !at_zero(start, terms)) {
    result = search_degenerate(likelihood, maximum_from, start, newton, std::move(result));
  }
  if (options.firth) to_own_units(design, result);
  fit.means = response.entry && !options.frequency ? design.plain_means() : design.weighted_means();
  for (std::size_t j = 0; j < columns.size(); ++j) {
    fit.spread.push_back(design.reach()[j] * design.scale()[j]);
  }
  if (design.runs() > 1 || offset_centred) return {std::move(result), scale, {}};
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
  const Execution execution = for_work(options.execution, response.rows * (columns.size() + 1),
                                       worth_a_thread::kNumbersOfADesign);
  Measured measured = measure(columns, response, options.merge_close_times, execution);
  RiskOrder& order = measured.order;
  fit.merged_times = order.merged_times;
  fit.time = take_merged(order.time, response.time, order);
  if (response.entry) fit.entry = take_merged(order.entry, response.entry, order);
  const Maximum maximum = maximise_likelihood(columns, response, measured, options, execution, fit);
  const NewtonResult& result = maximum.result;

  fit.coefficients = maximum.scale.coefficients(result.estimate);
  fit.linear_predictors = maximum.predictor.empty()
                              ? linear_predictors(columns, response, fit.coefficients, fit.means)
                              : in_input_order(maximum.predictor, order);
  // Without a step every coefficient is one that was given.
  fit.aliased = options.iter_max > 0 ? result.aliased : std::vector<bool>(columns.size(), false);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (fit.aliased[j]) {
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
  return fit;
}

}  // namespace lmsurv
