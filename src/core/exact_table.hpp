#pragma once

#include <cstddef>
#include <vector>

#include "parallel.hpp"

namespace lmsurv {

// What the exact test of a table may cost before it gives up.
struct TableLimits {
  double partial_tables = 5e6;  // held at once, 16 bytes each; a node counts as a dozen
  double transitions = 2e7;     // ways to fill a row, over all margins that may be left
  double steps = 2e8;           // partial tables carried on by a row
};

struct ExactTable {
  bool done = false;  // false: the limits were reached
  double p = 0;
};

// The two-sided p-value of Fisher's exact test: the probability, given the margins, of all tables
// that are no more likely than `counts`, a relative `tolerance` counting as equally likely.
//
// Given the margins, P(table) is proportional to the product over rows of the multinomial
// coefficients n_i! / prod_j x_ij!. Rows are filled one after the other, smaller ones first. What
// can follow depends only on the column sums that are left, in any order (a node), and among the
// ways to a node only on the product so far (a partial table); equal products are one. As in Mehta
// & Patel (1983, doi:10.1080/01621459.1983.10477989) a partial table is followed no further once
// the largest product that can follow leaves it no more likely than observed (all of its
// probability counts), or the smallest leaves it more likely (none counts). Both are found exactly,
// by recursion over the nodes from the last row.
//
// counts: rows x columns, column-major, no empty row or column. Cost: transitions + steps, which
// grow fast with the number of columns (or rows, whichever are fewer) and their sums.
ExactTable exact_table_test(const std::vector<double>& counts, std::size_t rows,
                            const TableLimits& limits, const Execution& execution,
                            double tolerance = 1e-7);

}  // namespace lmsurv
