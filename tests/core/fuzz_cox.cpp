// Bytes -> a small data set and a method; whatever they are, the fit and all that follows from it
// must be finite or flagged, and consistent with each other.
#include <cmath>
#include <cstdint>

#include "baseline_hazard.hpp"
#include "concordance.hpp"
#include "cox_fit.hpp"
#include "cox_residuals.hpp"
#include "fuzz_input.hpp"
#include "oracle.hpp"
#include "zph.hpp"

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using namespace lmsurv;
using oracle::Data;

constexpr double kTolerance = 1e-7;

struct Input {
  Data data;
  CoxOptions options;
};

Input decode(Bytes bytes) {
  Input in;
  const int flags = bytes.next(256), kinds = bytes.next(256);
  const int n = bytes.next(41), p = bytes.next(4);
  in.options.ties = std::vector<Ties>{Ties::efron, Ties::breslow, Ties::exact}[kinds % 3];
  in.options.frequency = (flags & 1) != 0;
  in.options.iter_max = (kinds & 64) != 0 ? bytes.next(4) : 50;
  const bool counts = in.options.frequency || in.options.ties == Ties::exact;
  if (in.options.ties == Ties::exact) in.options.frequency = true;
  const int scale = (kinds & 128) != 0 ? bytes.next(60) - 30 : 0;  // of the first column, as 2^
  const int spread = (flags & 64) != 0 ? 4 : 0;                    // of the offsets
  for (int i = 0; i < n; ++i) {
    const double step = (flags & 128) != 0 ? 1e-9 * bytes.next(2) : 0;
    in.data.time.push_back(1 + bytes.next(24) + step);
    in.data.status.push_back(bytes.next(2));
    if (flags & 2) in.data.stratum.push_back(1 + bytes.next(4));
    if (flags & 4) in.data.weight.push_back(counts ? bytes.next(4) : 0.25 * bytes.next(12));
    if (flags & 8) in.data.entry.push_back(in.data.time.back() - 1 - bytes.next(16));
    if (flags & 16) in.data.offset.push_back(0.5 * (1 + spread) * (bytes.next(17) - 8));
  }
  for (int j = 0; j < p; ++j) {
    in.data.x.emplace_back();
    const int values = j == 0 ? 2 : 7;
    for (int i = 0; i < n; ++i) in.data.x[j].push_back(bytes.next(values));
    for (double& x : in.data.x[j]) x = std::ldexp(x, j == 0 ? scale : 0);
  }
  if (flags & 32) {
    for (int j = 0; j < p; ++j) {
      in.options.init.push_back(std::ldexp(0.25 * (bytes.next(17) - 8), j == 0 ? -scale : 0));
    }
  }
  return in;
}

bool symmetric_and_semidefinite(const MatrixXd& v) {
  const double slack = kTolerance * v.diagonal().cwiseAbs().maxCoeff();
  for (Index j = 0; j < v.rows(); ++j) {
    if (!(v(j, j) >= 0)) return false;
    for (Index k = 0; k < j; ++k) {
      if (std::fabs(v(j, k) - v(k, j)) > 1e-9 * std::sqrt(v(j, j) * v(k, k)) + 1e-3 * slack)
        return false;
      if (v(j, k) * v(j, k) > v(j, j) * v(k, k) * (1 + kTolerance) + slack * slack) return false;
    }
  }
  return true;
}

bool good(const CoxFit& fit) {
  for (const int d : fit.diverging) {
    if (d != 0) return false;
  }
  return fit.converged;
}

// Where one row is nearly all of the risk set, the information is a small difference of large
// numbers, and its rank a matter of rounding.
bool starts_mildly(const Input& in) {
  std::vector<double> init = in.options.init;
  init.resize(in.data.x.size());
  const oracle::Vector eta = oracle::linear_predictors(in.data, init);
  const auto range = std::minmax_element(eta.begin(), eta.end());
  return *range.second - *range.first < 8;
}

void check_fit(const Input& in, const CoxFit& fit) {
  require(std::isfinite(fit.loglik[0]), "log likelihood at init is finite");
  require((!in.options.init.empty() && !starts_mildly(in)) ||
              fit.loglik[1] >= fit.loglik[0] - 1e-9 * (1 + std::fabs(fit.loglik[0])),
          "log likelihood does not decrease");
  require(fit.variance.allFinite(), "variance is finite");
  if (fit.variance.size() > 0)
    require(symmetric_and_semidefinite(fit.variance), "variance is symmetric and semidefinite");
  require(fit.score_test >= 0, "score test is not negative");
  for (Index j = 0; j < fit.coefficients.size(); ++j) {
    const bool aliased = fit.aliased[std::size_t(j)];
    require(std::isnan(fit.coefficients[j]) == aliased, "a coefficient is finite or aliased");
    require(std::isfinite(fit.score[j]), "score is finite");
  }
  for (const double lp : fit.linear_predictors) require(std::isfinite(lp), "predictors are finite");
  if (in.options.iter_max < 50 || !good(fit) || !starts_mildly(in)) return;
  for (Index j = 0; j < fit.coefficients.size(); ++j) {
    require(std::fabs(fit.score[j]) * std::sqrt(fit.variance(j, j)) < kTolerance,
            "score is zero at convergence");
  }
}

void check_following(const Input& in, const CoxFit& fit) {
  // A diverging predictor may be beyond what exp() can tell from nothing.
  for (const double lp : fit.linear_predictors) {
    if (std::fabs(lp) > 300) return;
  }
  const Response response = in.data.response();
  const FittedModel model{
      response, fit.linear_predictors.data(), in.options.ties, in.options.frequency, true, {}};
  const auto columns = in.data.columns();
  const auto martingale = martingale_residuals(model);
  double sum = 0, size = 1;
  for (std::size_t i = 0; i < martingale.size(); ++i) size += in.data.weight_of(i);
  for (std::size_t i = 0; i < martingale.size(); ++i) {
    // Rounding grows with exp(eta) H, which is what the residual is beside the status.
    require(martingale[i] <= in.data.status[i] + kTolerance, "martingale residuals are at most 1");
    sum += in.data.weight_of(i) * martingale[i];
    size += in.data.weight_of(i) * std::fabs(martingale[i]);
  }
  require(std::fabs(sum) <= kTolerance * size, "martingale residuals sum to zero");
  const auto deviance = deviance_residuals(model);
  for (std::size_t i = 0; i < deviance.size(); ++i) {
    // A death of no weight need not have any hazard, and one of the least risk may have too little.
    require(std::isfinite(deviance[i]) || martingale[i] == 1, "deviance is finite");
  }
  const RowMatrix score = score_residuals(columns, model);
  require(score.allFinite(), "score residuals are finite");
  const ScoreMeat meat = score_meat(columns, model, nullptr, 0);
  if (in.options.ties != Ties::exact) {
    for (Index j = 0; j < fit.score.size(); ++j) {
      double unit = std::fabs(fit.score[j]) + score.col(j).cwiseAbs().maxCoeff();
      for (const double x : in.data.x[std::size_t(j)]) unit = std::max(unit, std::fabs(x));
      // The last step of a converged fit is taken after its score was computed.
      require(std::fabs(meat.score[j] - fit.score[j]) <= kTolerance * size * unit,
              "score residuals sum to the score");
    }
  }
  if (meat.meat.size() > 0)
    require(symmetric_and_semidefinite(meat.meat), "meat is symmetric and semidefinite");
  require(schoenfeld_residuals(columns, model).residuals.allFinite(), "Schoenfeld is finite");
  if (std::none_of(fit.aliased.begin(), fit.aliased.end(), [](bool a) { return a; })) {
    const TimeScore changing = time_score(columns, model, in.data.time.data());
    require(changing.score.allFinite() && changing.square.allFinite(), "the time score is finite");
  }
  const BaselineHazard hazard = baseline_hazard(columns, model, fit.means, true);
  for (std::size_t t = 0; t < hazard.time.size(); ++t) {
    require(hazard.hazard[t] >= 0 && std::isfinite(hazard.cumulative[t]), "hazard is finite");
    require(hazard.at_risk[t] >= hazard.events[t] + hazard.censored[t] - kTolerance,
            "who leaves was at risk");
  }
  const Concordance c = concordance(response, fit.linear_predictors.data(), {});
  if (c.concordant + c.discordant + c.tied_score > kTolerance) {
    require(c.index >= -kTolerance && c.index <= 1 + kTolerance, "concordance is a proportion");
    require(std::isfinite(c.standard_error), "its standard error is finite");
  }
}

void check_reversed(const Input& in, const CoxFit& fit) {
  if (!starts_mildly(in)) return;
  std::vector<std::size_t> rows(in.data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows.size() - 1 - i;
  const Data reversed = in.data.take(rows);
  const CoxFit again = fit_cox(reversed.columns(), reversed.response(), in.options);
  require(again.aliased == fit.aliased, "reversed rows have the same aliased columns");
  if (in.options.iter_max < 50) return;
  require(good(again) == good(fit), "reversed rows converge alike");
  // Of several columns whose combination diverges, which are named is a matter of the path.
  if (in.data.x.size() == 1) {
    require(again.diverging == fit.diverging, "reversed rows diverge alike");
  }
  if (!good(fit)) return;
  require(std::fabs(again.loglik[1] - fit.loglik[1]) <= kTolerance * (1 + std::fabs(fit.loglik[1])),
          "reversed rows have the same log likelihood");
  for (Index j = 0; j < fit.coefficients.size(); ++j) {
    if (fit.aliased[std::size_t(j)]) continue;
    const double away = std::fabs(again.coefficients[j] - fit.coefficients[j]);
    require(away <= kTolerance * (std::sqrt(fit.variance(j, j)) + std::fabs(fit.coefficients[j])),
            "reversed rows have the same coefficients");
  }
}

// Firth's penalised likelihood has a finite maximum, whatever the data.
void check_penalised(Input in) {
  if (in.options.ties == Ties::exact) return;
  in.options.firth = true;
  in.options.init.clear();
  in.options.iter_max = 200;
  const CoxFit fit = fit_cox(in.data.columns(), in.data.response(), in.options);
  require(fit.variance.allFinite(), "penalised variance is finite");
  for (Index j = 0; j < fit.coefficients.size(); ++j) {
    require(std::isnan(fit.coefficients[j]) == fit.aliased[std::size_t(j)],
            "a penalised coefficient is finite or aliased");
    require(fit.diverging[std::size_t(j)] == 0, "no penalised coefficient diverges");
  }
  if (!starts_mildly(in)) return;
  for (Index j = 0; j < fit.coefficients.size(); ++j) {
    // Of a difference that is nothing but rounding.
    const auto& x = in.data.x[std::size_t(j)];
    const auto range = std::minmax_element(x.begin(), x.end());
    if (std::sqrt(fit.variance(j, j)) * (*range.second - *range.first) > 1e4) return;
  }
  require(fit.converged, "the penalised maximum is found");
  require(fit.loglik[1] >= fit.loglik[0] - kTolerance, "it is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Input in = decode(Bytes(bytes, size));
  CoxFit fit;
  try {
    fit = fit_cox(in.data.columns(), in.data.response(), in.options);
  } catch (const InvalidInput&) {
    return 0;
  }
  check_fit(in, fit);
  check_following(in, fit);
  check_reversed(in, fit);
  check_penalised(in);
  return 0;
}
