#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "interval_sums.hpp"
#include "parallel.hpp"
#include "risk_order.hpp"

namespace lmsurv {

// A run of events with the positions that join the risk set at them. Chunks depend on the data
// alone, never on the number of threads.
struct Chunk {
  int row_begin, row_end;
  int event_begin, event_end;
};

// Nested risk sets: for each chunk, the sums over the rows of its first event's stratum that joined
// before it.
struct Carried {
  std::vector<double> sums;  // chunks x stride: of r z
  std::vector<double> risk;  // chunks: of r
};

class EventVisitor {
 public:
  virtual ~EventVisitor() = default;
  // sums[j] = sum over the risk set of `event` of r[i] z[i, j]. Events of one chunk come in order
  // on one thread; chunks come in any order, several at a time.
  virtual void visit(std::size_t chunk, int event, const double* sums) = 0;
};

// The risk-set sums of r z for every event, over rows z (positions x stride, row-major). Nested
// risk sets are a running sum; with entry times the sums are built from blocks (interval_sums.hpp),
// so a row that leaves is never subtracted. Cost a visit: O(n stride) nested, O(n stride log d)
// with entry times.
class RiskSums {
 public:
  RiskSums(const RiskOrder& order, const double* z, std::size_t stride, const Execution& execution);

  void visit(const double* r, EventVisitor& visitor) const;

  // The same for nested risk sets in steps, so that the caller can join the first to what it does
  // with the rows.
  Carried nothing_carried() const;
  void add_to_next(std::size_t chunk, const Chunk& tile, const double* r, Carried& carried) const;
  void carry_on(Carried& carried) const;
  void visit_nested(const double* r, const Carried& carried, EventVisitor& visitor) const;

  const std::vector<Chunk>& chunks() const { return chunks_; }
  const Execution& execution() const { return execution_; }
  // action(tile): a chunk in pieces of at least `rows` rows.
  template <class Action>
  void for_each_tile(const Chunk& chunk, int rows, Action action) const {
    split(chunk, rows, 1, action);
  }
  // First position that joins at this event and at no later one.
  int risk_begin(int event) const { return risk_begin_[event]; }
  // No later event in its stratum?
  bool first_of_stratum(int event) const { return first_of_stratum_[event] != 0; }

 private:
  // Of a visitor that multiplies each row of an event by itself, and the sums.
  double work_of(int rows) const { return double(1 + rows) * double(stride_ * stride_) / 4; }

  template <class Action>
  void split(const Chunk& whole, int rows, int unit, Action action) const {
    Chunk part = whole;
    for (; part.event_begin < whole.event_end; part.event_begin = part.event_end) {
      part.event_end = part.event_begin;
      do {
        part.event_end = std::min(whole.event_end, part.event_end + unit);
      } while (part.event_end < whole.event_end &&
               risk_begin_[part.event_end] - part.row_begin < rows);
      part.row_end = part.event_end < whole.event_end ? risk_begin_[part.event_end] : whole.row_end;
      action(part);
      part.row_begin = part.row_end;
    }
  }

  void make_chunks();
  void visit_intervals(const double* r, EventVisitor& visitor) const;
  CoverSums whole_blocks(const double* r) const;
  void block_sums(const double* r, int begin, int end, const double* whole, double* work) const;

  const RiskOrder& order_;
  const double* z_;
  std::size_t stride_;
  const Execution& execution_;
  std::vector<int> risk_begin_;
  std::vector<unsigned char> first_of_stratum_;
  std::vector<Chunk> chunks_;
  std::vector<int> last_stratum_;  // by chunk: the first event of the last stratum in it that
                                   // begins there, or -1
};

}  // namespace lmsurv
