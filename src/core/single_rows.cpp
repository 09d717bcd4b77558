#include "single_rows.hpp"

#include <functional>

#include "incidence_variance.hpp"
#include "parallel.hpp"
#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

// Calls visit(step, begin, end) for each step of a stratum, the earliest first, with the positions
// of its rows.
template <class Visit>
void for_each_step(const CurvePoints& points, std::size_t s, const Visit& visit) {
  const double* time = points.order.time.data();
  const int first = points.order.stratum_begin[s];
  std::size_t step = points.begin[s];
  for (int end = points.order.stratum_begin[s + 1], begin; end > first; end = begin, ++step) {
    begin = end - 1;
    while (begin > first && time[begin - 1] == time[begin]) --begin;
    visit(step, begin, end);
  }
}

void estimate(const CurvePoints& points, std::size_t s, std::size_t cause,
              const IncidenceColumns& out, const std::function<void()>& pause) {
  const RiskOrder& order = points.order;
  const int first = order.stratum_begin[s];
  const bool with_none = cause == 0, with_time = cause + 1 == out.events.size();
  LoneRows jackknife(with_none);
  Pacer pacer(pause);
  double none = 1, incidence = 0;
  for_each_step(points, s, [&](std::size_t step, int begin, int end) {
    pacer.work(end - begin);
    int own = 0, died = 0;
    for (int i = begin; i < end; ++i) {
      own += order.status[i] == int(cause) + 1;
      died += order.status[i] > 0;
    }
    LoneStep now;
    now.before = none;
    now.at_risk = end - first;
    now.survivors = now.at_risk - died;
    now.own = now.square_own = own;
    now.others = now.square_others = died - own;
    now.square_censored = end - begin - died;
    now.square_after = begin - first;
    incidence += none * (now.own / now.at_risk);
    none *= now.survivors / now.at_risk;
    now.after = none;
    jackknife.step(now);
    out.probability[cause + 1][step] = incidence;
    out.std_err[cause + 1][step] = jackknife.of_cause();
    if (with_time) out.time[step] = order.time[begin];
    if (!with_none) return;
    out.probability[0][step] = none;
    out.std_err[0][step] = jackknife.of_none();
  });
}

}  // namespace

bool is_single_rows(const Response& response, const CumulativeIncidenceOptions& options) {
  return !response.weight && !response.entry && !options.cluster &&
         options.variance == IncidenceVariance::jackknife;
}

void estimate_single_rows(const CurvePoints& points, const CumulativeIncidenceOptions& options,
                          const IncidenceColumns& columns) {
  const Execution execution =
      for_work(options.execution, points.order.rows(), worth_a_thread::kRowsOfACurve);
  const std::size_t strata = points.begin.size() - 1, causes = std::size_t(options.causes);
  parallel_for(strata * causes, execution,
               [&](std::size_t task, const std::function<void()>& pause) {
                 estimate(points, task / causes, task % causes, columns, pause);
               });
}

void count_single_rows(const CurvePoints& points, const IncidenceColumns& out) {
  for (std::size_t s = 0; s + 1 < points.begin.size(); ++s) {
    const int first = points.order.stratum_begin[s];
    for_each_step(points, s, [&](std::size_t step, int begin, int end) {
      const double at_risk = end - first;
      out.at_risk[step] = at_risk;
      for (int i = begin; i < end; ++i) {
        const int status = points.order.status[i];
        (status > 0 ? out.events[std::size_t(status) - 1] : out.censored)[step] += 1;
      }
      for (std::size_t k = 0; k < out.events.size(); ++k) {
        const double before = step > points.begin[s] ? out.hazard[k][step - 1] : 0;
        out.hazard[k][step] = before + out.events[k][step] / at_risk;
      }
    });
  }
}

}  // namespace lmsurv
