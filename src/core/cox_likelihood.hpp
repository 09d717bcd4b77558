#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "design.hpp"
#include "event_moments.hpp"
#include "event_terms.hpp"
#include "newton.hpp"
#include "parallel.hpp"
#include "risk_order.hpp"
#include "risk_sums.hpp"
#include "row_hazards.hpp"
#include "row_terms.hpp"
#include "wide_risks.hpp"

namespace lmsurv {

// The Cox log partial likelihood (Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x), its score and
// information for given coefficients of the standardised columns.
//
// With r_i = w_i exp(eta_i) and the terms of event_terms.hpp,
//   information = sum_i c_i z_i z_i' - sum_k sum_j w m_j m_j',
//   c_i = r_i (sum of h over the events at which i is at risk; hd instead of h at its own death),
// so the O(n p^2) part is one weighted symmetric update of all rows, and the rest one or two rows
// for each event.
//
// Exact partial likelihood: exact_ties.hpp. Risks beyond the range of numbers: wide_risks.hpp.
class CoxLikelihood {
 public:
  CoxLikelihood(const RiskOrder& order, const StandardDesign& design, const RowTerms& terms,
                Ties ties, const Execution& execution);

  // beta: one for each column of the design.
  void evaluate(const Eigen::VectorXd& beta, Evaluation& out);

  // What the events are at these coefficients; good until the next call of any other function. It
  // needs the design's column of ones, as does all with entry times.
  EventMoments moments(const Eigen::VectorXd& beta);

  // Of the standardised columns, by position. The object is of no use afterwards: it gives away its
  // working space.
  std::vector<double> take_linear_predictors(const Eigen::VectorXd& beta);

  // What the columns alone tell: the information at zero coefficients, without the offset.
  Eigen::MatrixXd column_information();

  double death_weight() const { return death_weight_; }
  void pause() const { execution_.pause(); }

 private:
  class Accumulator;

  std::vector<double> padded(const Eigen::VectorXd& beta) const;
  void predict(const Chunk& rows, const double* b);
  void predict_all(const Eigen::VectorXd& beta);
  double score_deaths(const Chunk& rows) const;
  double score_rows(const Eigen::VectorXd& beta);
  double score_wide_rows(const Eigen::VectorXd& beta);
  void subtract_expected(const Chunk& rows);

  const RiskOrder& order_;
  const StandardDesign& design_;
  const RowTerms& terms_;
  Ties ties_;
  const Execution& execution_;
  RiskSums risk_sums_;
  double death_weight_ = 0;
  std::vector<double> r_;            // by position: eta, then r, then c, then w - c or -c
  RowHazards hazards_;               // nested: S0 stands in for hd until the event is visited
  Carried carried_;                  // nested
  std::unique_ptr<WideRisks> wide_;  // where the last coefficients made it needed
  bool ignore_offset_ = false;
};

}  // namespace lmsurv
