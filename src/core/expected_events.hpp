#pragma once

#include <cstddef>
#include <vector>

#include "design.hpp"
#include "fitted_model.hpp"
#include "row_matrix.hpp"

namespace lmsurv {

// Rows to predict for, each over (entry, time]; the arrays belong to the caller.
struct NewRows {
  std::size_t rows = 0;
  const double* time = nullptr;
  const double* entry = nullptr;              // null: from the beginning
  const int* stratum = nullptr;               // codes as in the model; null: one stratum
  const double* linear_predictors = nullptr;  // relative to what those of the model are
  const double* x = nullptr;                  // rows x p, column-major; null: no standard errors
};

struct ExpectedEvents {
  std::vector<double> events;    // exp(eta) times the hazard over (entry, time]
  std::vector<double> variance;  // of it, what is not due to the coefficients
  RowMatrix slope;               // rows x p: its derivative by the coefficients
};

// columns: those of the model; empty where there are no standard errors. The hazard is summed from
// event to event in the unit of the row, so that no digit is lost where it changes by any order of
// magnitude. O((n + d) p) and O(p log d) a row.
ExpectedEvents expected_events(const std::vector<Column>& columns, const FittedModel& model,
                               const NewRows& rows);

}  // namespace lmsurv
