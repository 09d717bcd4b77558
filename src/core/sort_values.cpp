#include "sort_values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <utility>

#include "fresh_memory.hpp"
#include "worth_a_thread.hpp"

namespace lmsurv {
namespace {

struct Keyed {
  std::uint64_t key;
  int index;
  int label;
};

// Unsigned order of the key is numeric order of the value; -0 and 0 get the same key.
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::uint64_t ordered_key(double value) {
  value += 0.0;
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits & kSign) ? ~bits : bits | kSign;
}

double value_of_key(std::uint64_t key) {
  const std::uint64_t bits = (key & kSign) ? key & ~kSign : ~key;
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// What a run of keys spans, and whether they are in order already.
struct Span {
  std::uint64_t least = ~std::uint64_t{0}, most = 0, first = 0, last = 0;
  bool ordered = true;

  void add(std::uint64_t key) {
    if (least > most) first = last = key;
    ordered = ordered && last <= key;
    least = std::min(least, key);
    most = std::max(most, key);
    last = key;
  }
  void append(const Span& next) {
    if (least > most) {
      *this = next;
    } else if (next.least <= next.most) {
      ordered = ordered && next.ordered && last <= next.first;
      least = std::min(least, next.least);
      most = std::max(most, next.most);
      last = next.last;
    }
  }
};

// Buckets by the leading bits of what is above the least key.
struct Buckets {
  Buckets(const Span& span, int bits) : least(span.least) {
    while ((span.most - span.least) >> shift >> bits) ++shift;
  }
  std::size_t of(std::uint64_t key) const { return (key - least) >> shift; }

  std::uint64_t least;
  int shift = 0;
};

constexpr std::size_t kFew = 24;
constexpr int kFewBits = 6, kBits = 11;
constexpr std::size_t kMany = 8192;
using Counts = std::array<std::uint32_t, std::size_t{1} << kBits>;

void sort_few(Keyed* items, std::size_t n) {
  for (std::size_t i = 1; i < n; ++i) {
    const Keyed item = items[i];
    std::size_t j = i;
    for (; j > 0 && item.key < items[j - 1].key; --j) items[j] = items[j - 1];
    items[j] = item;
  }
}

// Each level of the recursion takes kFewBits or more off the span. spare: room for n.
void sort_run(Keyed* items, Keyed* spare, std::size_t n) {
  if (n <= kFew) return sort_few(items, n);
  Span span;
  for (std::size_t i = 0; i < n; ++i) span.add(items[i].key);
  if (span.ordered) return;
  const int bits = n < kMany ? kFewBits : kBits;
  const std::size_t buckets = std::size_t{1} << bits;
  const Buckets bucket(span, bits);
  Counts next;
  std::fill_n(next.begin(), buckets, 0);
  for (std::size_t i = 0; i < n; ++i) ++next[bucket.of(items[i].key)];
  std::uint32_t total = 0;
  for (std::size_t b = 0; b < buckets; ++b) total += std::exchange(next[b], total);
  for (std::size_t i = 0; i < n; ++i) spare[next[bucket.of(items[i].key)]++] = items[i];
  std::copy(spare, spare + n, items);
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets; begin = next[b++]) {
    if (next[b] - begin > 1) sort_run(items + begin, spare + begin, next[b] - begin);
  }
}

class Sorter {
 public:
  Sorter(const double* value, std::size_t n, bool descending, const Execution& execution,
         const int* label)
      : value_(value),
        label_(label),
        n_(n),
        flip_(descending ? ~std::uint64_t{0} : 0),
        execution_(for_work(execution, n, worth_a_thread::kValuesToSort)),
        sorted_{fresh_zeros<int>(n, execution), fresh_zeros<double>(n, execution),
                fresh_zeros<int>(label ? n : 0, execution)} {
    chunks_ = static_cast<std::size_t>(std::max(1, execution_.threads));
  }

  Sorted run() {
    const Span span = measure();
    if (span.ordered) {
      std::iota(sorted_.index.begin(), sorted_.index.end(), 0);
      for (std::size_t i = 0; i < n_; ++i) sorted_.value[i] = value_[i] + 0.0;
      if (label_) std::copy(label_, label_ + n_, sorted_.label.begin());
    } else {
      distribute(Buckets(span, kBits));
      sort_buckets();
    }
    return std::move(sorted_);
  }

 private:
  std::uint64_t key(std::size_t i) const { return ordered_key(value_[i]) ^ flip_; }
  std::size_t chunk_begin(std::size_t chunk) const { return n_ * chunk / chunks_; }

  template <class Body>
  void for_each_chunk(const Body& body) {
    parallel_for(chunks_, execution_, [&](std::size_t chunk) {
      body(chunk, chunk_begin(chunk), chunk_begin(chunk + 1));
    });
  }

  Span measure() {
    std::vector<Span> spans(chunks_);
    for_each_chunk([&](std::size_t chunk, std::size_t begin, std::size_t end) {
      Span span;
      for (std::size_t i = begin; i < end; ++i) span.add(key(i));
      spans[chunk] = span;
    });
    Span all;
    for (const Span& span : spans) all.append(span);
    return all;
  }

  // Within a bucket in input order, however many chunks there are.
  void distribute(const Buckets& bucket) {
    std::vector<Counts> next(chunks_, Counts{});
    for_each_chunk([&](std::size_t chunk, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++next[chunk][bucket.of(key(i))];
    });
    std::uint32_t total = 0;
    for (std::size_t b = 0; b < ends_.size(); ++b) {
      for (Counts& counts : next) total += std::exchange(counts[b], total);
      ends_[b] = total;
    }
    items_ = fresh_array<Keyed>(n_, execution_);
    for_each_chunk([&](std::size_t chunk, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const std::uint64_t k = key(i);
        items_[next[chunk][bucket.of(k)]++] = {k, static_cast<int>(i), label_ ? label_[i] : 0};
      }
    });
  }

  // How many buckets end at a number of items or before.
  std::size_t bucket_after(std::size_t items) const {
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), items) -
                                    ends_.begin());
  }

  void sort_buckets() {
    constexpr std::size_t kTasks = 64;
    parallel_for(kTasks, execution_, [&](std::size_t task) {
      const std::size_t first = bucket_after(n_ * task / kTasks);
      const std::size_t last = bucket_after(n_ * (task + 1) / kTasks);
      const auto begin_of = [&](std::size_t b) { return b == 0 ? 0 : std::size_t(ends_[b - 1]); };
      std::size_t largest = 0;
      for (std::size_t b = first; b < last; ++b) {
        largest = std::max(largest, ends_[b] - begin_of(b));
      }
      const std::unique_ptr<Keyed[]> spare(new Keyed[largest]);
      for (std::size_t b = first; b < last; ++b) {
        sort_run(&items_[begin_of(b)], spare.get(), ends_[b] - begin_of(b));
      }
      for (std::size_t i = begin_of(first); i < begin_of(last); ++i) {
        sorted_.index[i] = items_[i].index;
        sorted_.value[i] = value_of_key(items_[i].key ^ flip_);
        if (label_) sorted_.label[i] = items_[i].label;
      }
    });
  }

  const double* value_;
  const int* label_;
  const std::size_t n_;
  const std::uint64_t flip_;
  Execution execution_;
  std::size_t chunks_ = 1;
  Counts ends_{};
  std::unique_ptr<Keyed[]> items_;
  Sorted sorted_;
};

}  // namespace

Sorted sort_values(const double* value, std::size_t n, bool descending, const Execution& execution,
                   const int* label) {
  return Sorter(value, n, descending, execution, label).run();
}

}  // namespace lmsurv
