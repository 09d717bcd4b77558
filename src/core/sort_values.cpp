#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "sort_values.hpp"

namespace lmsurv {
namespace {

struct Keyed {
  std::uint64_t key;
  int index;
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

// The leading 33 bits are sorted by three passes over 11 bits each; few doubles share them.
constexpr int kBits = 11;
constexpr int kPasses = 3;
constexpr int kRest = 64 - kBits * kPasses;
constexpr std::size_t kBuckets = std::size_t{1} << kBits;

std::size_t digit(std::uint64_t key, int pass) {
  return (key >> (kRest + kBits * pass)) & (kBuckets - 1);
}

// Runs that share their leading bits, still in input order, by the whole key.
void sort_runs(std::vector<Keyed>& items) {
  const auto by_key = [](const Keyed& a, const Keyed& b) { return a.key < b.key; };
  for (auto begin = items.begin(), end = begin; begin != items.end(); begin = end) {
    bool ordered = true;
    while (++end != items.end() && end->key >> kRest == begin->key >> kRest) {
      ordered = ordered && !by_key(*end, *(end - 1));
    }
    if (!ordered) std::stable_sort(begin, end, by_key);
  }
}

}  // namespace

// Radix sort, least significant digit first; a pass in which all keys share the digit is left out.
Sorted sort_values(const double* value, std::size_t n, bool descending) {
  const std::uint64_t flip = descending ? ~std::uint64_t{0} : 0;
  std::vector<Keyed> from(n), to(n);
  std::array<std::array<std::uint32_t, kBuckets>, kPasses> counts{};
  for (std::size_t i = 0; i < n; ++i) {
    from[i] = {ordered_key(value[i]) ^ flip, static_cast<int>(i)};
    for (int pass = 0; pass < kPasses; ++pass) ++counts[pass][digit(from[i].key, pass)];
  }
  for (int pass = 0; pass < kPasses && n > 0; ++pass) {
    auto& count = counts[pass];
    if (count[digit(from[0].key, pass)] == n) continue;
    std::uint32_t total = 0;
    for (auto& c : count) {
      const std::uint32_t here = c;
      c = total;
      total += here;
    }
    for (const Keyed& item : from) to[count[digit(item.key, pass)]++] = item;
    from.swap(to);
  }
  sort_runs(from);
  Sorted sorted{std::vector<int>(n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    sorted.index[i] = from[i].index;
    sorted.value[i] = value_of_key(from[i].key ^ flip);
  }
  return sorted;
}

}  // namespace lmsurv
