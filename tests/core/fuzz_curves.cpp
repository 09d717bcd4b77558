// Bytes -> a small data set of groups, causes and clusters; whatever they are, curves, incidences
// and tests must be finite or flagged, within their bounds, and the same for rows in any order.
#include <cmath>
#include <vector>

#include "exact_table.hpp"
#include "fuzz_input.hpp"
#include "gray_test.hpp"
#include "incidence.hpp"
#include "kaplan_meier.hpp"
#include "random_data.hpp"
#include "rank_test.hpp"
#include "restricted_mean.hpp"

namespace {

using Eigen::Index;
using namespace lmsurv;
using oracle::Data;

constexpr double kTolerance = 1e-7;
constexpr int kCauses = 2;

struct Input {
  Data data;  // status 0, 1 or 2; the stratum is the curve's group
  std::vector<int> group, cluster;
  int groups = 1, clusters = 0;
  bool frequency = false, robust = false;
  CurveType type = CurveType::kaplan_meier;
  LimitScale limits = LimitScale::log;
  TestWeight weight = TestWeight::logrank;
};

Input decode(Bytes bytes) {
  Input in;
  const int flags = bytes.next(256), kinds = bytes.next(256);
  const int n = 1 + bytes.next(40);
  in.groups = 1 + bytes.next(5);
  in.frequency = (flags & 1) != 0;
  in.robust = (flags & 2) != 0;
  in.type = static_cast<CurveType>(kinds % 3);
  in.limits = static_cast<LimitScale>(kinds / 3 % 6);
  in.weight = static_cast<TestWeight>(kinds / 18 % 5);
  if (flags & 4) in.clusters = 1 + bytes.next(6);
  for (int i = 0; i < n; ++i) {
    const double step = (flags & 128) != 0 ? 1e-9 * bytes.next(2) : 0;
    in.data.time.push_back(bytes.next(24) + step);
    in.data.status.push_back(bytes.next(1 + kCauses));
    in.group.push_back(1 + bytes.next(in.groups));
    if (flags & 8) in.data.stratum.push_back(1 + bytes.next(3));
    if (flags & 16) {
      in.data.weight.push_back(in.frequency ? bytes.next(4)
                                            : std::ldexp(bytes.next(9), bytes.next(40) - 20));
    }
    if (flags & 32) in.data.entry.push_back(in.data.time.back() - 1 - bytes.next(16));
    if (in.clusters > 0) in.cluster.push_back(1 + bytes.next(in.clusters));
  }
  return in;
}

Data with_one_event(Data data) {
  for (int& status : data.status) status = status > 0;
  return data;
}

struct Curve {
  std::vector<double> time, at_risk, events, censored, entered, survival, std_err, hazard,
      std_hazard, lower, upper;
  std::vector<std::size_t> begin;
};

Curve km(const Input& in, const Data& data, int threads) {
  const Response response = data.response();
  CurveOptions options;
  options.type = in.type;
  options.frequency = in.frequency;
  options.robust = in.robust;
  options.limits = in.limits;
  options.execution.threads = threads;
  const CurvePoints points = find_curve_points(response, true);
  Curve c;
  c.begin = points.begin;
  for (auto* column : {&c.time, &c.at_risk, &c.events, &c.censored, &c.entered, &c.survival,
                       &c.std_err, &c.hazard, &c.std_hazard, &c.lower, &c.upper}) {
    column->assign(points.begin.back(), 0);
  }
  fit_curves(response, points, options,
             {c.time.data(),
              c.at_risk.data(),
              c.events.data(),
              c.censored.data(),
              data.entry.empty() ? nullptr : c.entered.data(),
              c.survival.data(),
              c.std_err.data(),
              c.hazard.data(),
              c.std_hazard.data(),
              {c.lower.data(), c.upper.data()}});
  return c;
}

void check_curve(const Curve& c) {
  for (std::size_t g = 0; g + 1 < c.begin.size(); ++g) {
    double before = 1;
    for (std::size_t k = c.begin[g]; k < c.begin[g + 1]; ++k) {
      require(k == c.begin[g] || c.time[k] > c.time[k - 1], "times ascend");
      require(c.survival[k] >= 0 && c.survival[k] <= before, "survival never rises");
      require(c.at_risk[k] >= (c.events[k] + c.censored[k]) * (1 - kTolerance),
              "who leaves was at risk");
      require(std::isfinite(c.hazard[k]) && c.hazard[k] >= 0, "the hazard is finite");
      require(c.std_hazard[k] >= 0 && std::isfinite(c.std_hazard[k]), "its error is finite");
      require(c.std_err[k] >= 0 && (std::isfinite(c.std_err[k]) || c.survival[k] < 1e-300),
              "the standard error is finite until survival is 0");
      require(!(c.lower[k] < 0) && !(c.upper[k] > 1), "limits are probabilities");
      require(!(c.lower[k] > c.survival[k] + kTolerance), "the lower limit is below");
      before = c.survival[k];
    }
  }
}

bool close(double a, double b, double unit) { return std::fabs(a - b) <= kTolerance * unit; }

void check_curves(const Input& in) {
  const Data data = with_one_event(in.data);
  const Curve curve = km(in, data, 1);
  check_curve(curve);
  const Curve threaded = km(in, data, 2);
  require(curve.survival == threaded.survival && curve.hazard == threaded.hazard,
          "two threads give the same bits");
  std::vector<std::size_t> rows(data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows.size() - 1 - i;
  const Curve again = km(in, data.take(rows), 1);
  require(again.time == curve.time, "reversed rows have the same times");
  for (std::size_t k = 0; k < curve.time.size(); ++k) {
    require(close(again.survival[k], curve.survival[k], 1), "reversed rows, same survival");
  }
}

void check_incidence(const Input& in, IncidenceVariance variance) {
  const Response response = in.data.response();
  CumulativeIncidenceOptions options;
  options.causes = kCauses;
  options.frequency = in.frequency;
  options.variance = variance;
  if (variance == IncidenceVariance::jackknife && in.clusters > 0) {
    options.cluster = in.cluster.data();
    options.clusters = in.clusters;
  }
  const CumulativeIncidence c = cumulative_incidence(response, options);
  for (std::size_t s = 0; s + 1 < c.begin.size(); ++s) {
    for (int t = c.begin[s]; t < c.begin[s + 1]; ++t) {
      const std::size_t k = std::size_t(t);
      double total = 0;
      for (std::size_t state = 0; state <= kCauses; ++state) {
        const double p = c.probability[state][k];
        require(p >= 0 && p <= 1 + kTolerance, "probabilities are between 0 and 1");
        require(c.variance[state][k] >= 0 && std::isfinite(c.variance[state][k]),
                "the variance is finite and not negative");
        if (state > 0 && t > c.begin[s]) {
          require(p >= c.probability[state][k - 1], "an incidence never falls");
        }
        total += p;
      }
      require(close(total, 1, 1), "probabilities sum to 1");
    }
  }
}

void check_rank_tests(const Input& in) {
  const Data data = with_one_event(in.data);
  RankTestOptions options;
  options.weight = in.weight;
  options.rho = 0.5;
  options.gamma = 1;
  options.robust = in.robust;
  options.frequency = in.frequency;
  if (in.robust && in.clusters > 0) {
    options.cluster = in.cluster.data();
    options.clusters = in.clusters;
  }
  const RankTest test = rank_test(data.response(), in.group.data(), in.groups, options);
  require(test.chi_squared.df >= 0 && test.chi_squared.df < in.groups, "df are below the groups");
  require(test.score.allFinite() && test.variance.allFinite(), "the score is finite");
  require(std::isfinite(test.chi_squared.statistic) && test.chi_squared.statistic >= 0,
          "the statistic is not negative");
  const double unit = test.observed.sum();
  require(close(test.observed.sum(), test.expected.sum(), unit), "as many expected as observed");
  require(close(test.score.sum(), 0, unit), "the score sums to 0");
  for (Index j = 0; j < test.variance.rows(); ++j) {
    require(test.variance(j, j) >= 0, "variances are not negative");
  }
  std::vector<double> scores(static_cast<std::size_t>(in.groups));
  for (std::size_t g = 0; g < scores.size(); ++g) scores[g] = double(g);
  require(trend_test(test, scores).variance >= -kTolerance * test.variance.diagonal().sum(),
          "the variance of a trend is not negative");
}

void check_gray_tests(const Input& in) {
  if (!in.data.entry.empty() || (!in.data.weight.empty() && !in.frequency)) return;
  GrayOptions options;
  options.causes = kCauses;
  const Response response = in.data.response();
  for (const GrayTest& test :
       gray_tests(response, order_times(response, true), in.group.data(), in.groups, options)) {
    require(std::isnan(test.statistic) || test.statistic >= -kTolerance,
            "Gray's statistic is not negative");
    require(test.df == in.groups - 1, "its df are one below the groups");
  }
}

void check_restricted_means(const Input& in) {
  if (!in.data.weight.empty() && !in.frequency) return;
  const Data data = with_one_event(in.data);
  constexpr double kTau = 15;
  const RestrictedMean r = restricted_mean(data.response(), kTau, true);
  for (std::size_t s = 0; s < r.mean.size(); ++s) {
    require(r.mean[s] >= 0 && r.mean[s] <= kTau * (1 + kTolerance), "the mean is within tau");
    require(close(r.mean[s] + r.lost[s], kTau, kTau), "what is lost is the rest");
    require(r.variance[s] >= 0 && std::isfinite(r.variance[s]), "its variance is finite");
    require(r.survival[s] >= 0 && r.survival[s] <= 1, "survival at tau is a probability");
  }
}

// Groups by causes as a table of counts.
void check_exact_table(const Input& in) {
  std::vector<double> cells;
  std::size_t rows = 0;
  for (int g = 1; g <= in.groups; ++g) {
    std::vector<double> row(1 + kCauses);
    for (std::size_t i = 0; i < in.group.size(); ++i) {
      if (in.group[i] == g) ++row[std::size_t(in.data.status[i])];
    }
    if (row[0] + row[1] + row[2] == 0) continue;
    cells.insert(cells.end(), row.begin(), row.end());
    ++rows;
  }
  std::vector<double> counts;
  for (int j = 0; j <= kCauses; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += cells[i * (1 + kCauses) + std::size_t(j)];
    if (sum == 0) continue;
    for (std::size_t i = 0; i < rows; ++i) {
      counts.push_back(cells[i * (1 + kCauses) + std::size_t(j)]);
    }
  }
  const ExactTable test = exact_table_test(counts, rows, {1e5, 1e5, 1e6}, {});
  if (test.done) require(test.p > 0 && test.p <= 1 + kTolerance, "the p-value is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Input in = decode(Bytes(bytes, size));
  try {
    check_curves(in);
    check_incidence(in, IncidenceVariance::jackknife);
    const bool counts = in.data.weight.empty() || in.frequency;
    if (counts) check_incidence(in, IncidenceVariance::aalen);
    check_rank_tests(in);
    check_gray_tests(in);
    check_restricted_means(in);
    check_exact_table(in);
  } catch (const InvalidInput&) {
    return 0;
  }
  return 0;
}
