#include "risk_sums.hpp"

#include <algorithm>

#include "row_kernels.hpp"

namespace lmsurv {
namespace {

constexpr int kChunkRows = 8192;  // a chunk is worth at least this many rows and events
constexpr int kMostChunks = 64;
constexpr std::size_t kParts = 4;  // tables of whole blocks that are filled side by side

void add(double* to, const double* from, std::size_t width) {
  for (std::size_t j = 0; j < width; ++j) to[j] += from[j];
}

}  // namespace

RiskSums::RiskSums(const RiskOrder& order, const double* z, std::size_t stride,
                   const Execution& execution)
    : order_(order), z_(z), stride_(stride), execution_(execution) {
  risk_begin_.resize(static_cast<std::size_t>(order.events()));
  first_of_stratum_.resize(risk_begin_.size());
  for (int s = 0; s < order.strata(); ++s) {
    for (int k = order.stratum_events[s]; k < order.stratum_events[s + 1]; ++k) {
      first_of_stratum_[k] = k == order.stratum_events[s];
      risk_begin_[k] = first_of_stratum_[k] ? order.stratum_begin[s] : order.risk_end[k - 1];
    }
  }
  make_chunks();
}

void RiskSums::make_chunks() {
  const int rows = static_cast<int>(order_.rows());
  split({0, rows, 0, order_.events()}, std::max(kChunkRows, rows / kMostChunks),
        order_.delayed_entry() ? kBlock : 1, [&](const Chunk& chunk) {
          int k = chunk.event_end - 1;
          while (k >= chunk.event_begin && !first_of_stratum_[k]) --k;
          last_stratum_.push_back(k < chunk.event_begin ? -1 : k);
          chunks_.push_back(chunk);
        });
}

void RiskSums::visit(const double* r, EventVisitor& visitor) const {
  if (order_.delayed_entry()) {
    visit_intervals(r, visitor);
    return;
  }
  Carried carried = nothing_carried();
  parallel_for(chunks_.size(), execution_,
               [&](std::size_t c) { add_to_next(c, chunks_[c], r, carried); });
  carry_on(carried);
  visit_nested(r, carried, visitor);
}

Carried RiskSums::nothing_carried() const {
  return {std::vector<double>(stride_ * chunks_.size()), std::vector<double>(chunks_.size())};
}

void RiskSums::add_to_next(std::size_t chunk, const Chunk& tile, const double* r,
                           Carried& carried) const {
  if (chunk + 1 == chunks_.size()) return;
  const int stratum = last_stratum_[chunk];
  const int begin = stratum < 0 ? tile.row_begin : std::max(tile.row_begin, risk_begin_[stratum]);
  if (begin >= tile.row_end) return;
  row_kernels().accumulate(z_ + stride_ * std::size_t(begin), std::size_t(tile.row_end - begin),
                           stride_, r + begin, &carried.sums[stride_ * (chunk + 1)]);
  for (int i = begin; i < tile.row_end; ++i) carried.risk[chunk + 1] += r[i];
}

void RiskSums::carry_on(Carried& carried) const {
  for (std::size_t c = 1; c + 1 < chunks_.size(); ++c) {
    if (last_stratum_[c] >= 0) continue;
    add(&carried.sums[stride_ * (c + 1)], &carried.sums[stride_ * c], stride_);
    carried.risk[c + 1] += carried.risk[c];
  }
}

void RiskSums::visit_nested(const double* r, const Carried& carried, EventVisitor& visitor) const {
  const RowKernels& kernels = row_kernels();
  parallel_for(chunks_.size(), execution_, [&](std::size_t c, const auto& pause) {
    Pacer pacer(pause);
    const double* before = &carried.sums[stride_ * c];
    std::vector<double> sums(before, before + stride_);
    for (int k = chunks_[c].event_begin; k < chunks_[c].event_end; ++k) {
      if (first_of_stratum_[k]) std::fill(sums.begin(), sums.end(), 0.0);
      const int begin = risk_begin_[k];
      kernels.accumulate(z_ + stride_ * std::size_t(begin), std::size_t(order_.risk_end[k] - begin),
                         stride_, r + begin, sums.data());
      visitor.visit(c, k, sums.data());
      pacer.work(work_of(order_.risk_end[k] - begin));
    }
  });
}

// For every block of events, the sums over the rows that are at risk at all of them and at some
// event of the block before and of the block behind.
CoverSums RiskSums::whole_blocks(const double* r) const {
  const int blocks = (order_.events() + kBlock - 1) / kBlock;
  std::vector<CoverSums> parts(kParts, CoverSums(blocks, stride_));
  const std::size_t rows = order_.rows();
  parallel_for(kParts, execution_, [&](std::size_t part) {
    for (std::size_t i = rows * part / kParts; i < rows * (part + 1) / kParts; ++i) {
      if (order_.leave[i] <= order_.join[i]) continue;
      parts[part].add(order_.join[i] / kBlock + 1, (order_.leave[i] - 1) / kBlock, r[i],
                      z_ + stride_ * i);
    }
  });
  for (std::size_t part = 1; part < kParts; ++part) parts[0].merge(parts[part]);
  parts[0].finish();
  return std::move(parts[0]);
}

// The sums of the events [begin, end) of one block, into the first rows of `work`
// (2 kBlock x stride).
void RiskSums::block_sums(const double* r, int begin, int end, const double* whole,
                          double* work) const {
  const RowKernels& kernels = row_kernels();
  double* sums = work;                     // rows that are not at risk until its last event
  double* from = work + stride_ * kBlock;  // rows that are, at the event where they join
  std::fill(work, work + 2 * stride_ * kBlock, 0.0);
  const auto add_row = [&](int i, double* to) {
    kernels.accumulate(z_ + stride_ * std::size_t(i), 1, stride_, r + i, to);
  };
  for (int l = order_.leave_begin[begin]; l < order_.leave_begin[end]; ++l) {
    const int i = order_.leaving[l];
    if (order_.join[i] < begin)
      add_row(i, sums + stride_ * std::size_t(order_.leave[i] - 1 - begin));
  }
  for (int k = end - 2; k >= begin; --k) {
    add(sums + stride_ * std::size_t(k - begin), sums + stride_ * std::size_t(k + 1 - begin),
        stride_);
  }
  for (int k = begin; k < end; ++k) {
    for (int i = risk_begin_[k]; i < order_.risk_end[k]; ++i) {
      if (order_.leave[i] >= end) {
        add_row(i, from + stride_ * std::size_t(k - begin));
      } else {
        for (int at = k; at < order_.leave[i]; ++at)
          add_row(i, sums + stride_ * std::size_t(at - begin));
      }
    }
  }
  add(from, whole, stride_);
  for (int k = begin; k < end; ++k) {
    double* here = from + stride_ * std::size_t(k - begin);
    if (k > begin) add(here, here - stride_, stride_);
    add(sums + stride_ * std::size_t(k - begin), here, stride_);
  }
}

void RiskSums::visit_intervals(const double* r, EventVisitor& visitor) const {
  const CoverSums whole = whole_blocks(r);
  parallel_for(chunks_.size(), execution_, [&](std::size_t c, const auto& pause) {
    Pacer pacer(pause);
    std::vector<double> work(2 * stride_ * kBlock);
    for (int begin = chunks_[c].event_begin; begin < chunks_[c].event_end; begin += kBlock) {
      const int end = std::min(chunks_[c].event_end, begin + kBlock);
      block_sums(r, begin, end, whole.at(begin / kBlock), work.data());
      for (int k = begin; k < end; ++k) {
        visitor.visit(c, k, work.data() + stride_ * std::size_t(k - begin));
        pacer.work(work_of(order_.risk_end[k] - risk_begin_[k]));
      }
    }
  });
}

}  // namespace lmsurv
