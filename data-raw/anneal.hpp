#pragma once

// What the two calibrations share. Only +, -, *, / and square roots are used, so that every machine
// with IEEE arithmetic walks the same path: the exp() and log() of C libraries differ in the last
// digit, and one different digit is a different cohort.

#include <cmath>
#include <cstdint>
#include <cstring>

namespace anneal {

// Steele, Lea, Flood (2014), doi:10.1145/2660193.2660195: SplitMix64.
class Random {
 public:
  // Mixed, which keeps one seed's numbers from being the next one's, shifted.
  explicit Random(std::uint64_t seed) : state_(seed) { state_ = next() * (2 * seed + 1); }

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) / 9007199254740992.0; }
  int below(int n) { return static_cast<int>(uniform() * n); }

 private:
  std::uint64_t state_;
};

// exp(x) = 2^k exp(r), |r| <= log(2) / 2, by its Taylor series.
inline double exp_portable(double x) {
  if (x < -700) return 0;
  if (x > 700) x = 700;
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double sum = 1;
  for (int i = 14; i >= 1; --i) sum = 1 + sum * r / i;
  const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return sum * power;
}

// log(m 2^e) = 2 atanh((m - 1) / (m + 1)) + e log(2), x > 0.
inline double log_portable(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  int e = static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
  double m;
  std::memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++e;
  }
  const double z = (m - 1) / (m + 1), z2 = z * z;
  double sum = 1.0 / 17;
  for (int i = 15; i >= 1; i -= 2) sum = 1.0 / i + sum * z2;
  return 2 * z * sum + e * 0.69314718055994531;
}

// A printed number: what rounds to it lies in [low, high].
struct Window {
  double low, high, scale, weight, slope;

  double outside(double x) const { return x < low ? low - x : x > high ? x - high : 0; }
  // 0 inside. Outside it grows with the distance, first steeply, by the logarithm, so that it pays
  // to meet a number, then slowly, in proportion, so that none is given up.
  double cost(double x, double softness) const {
    const double d = outside(x);
    return d == 0 ? 0 : weight * (log_portable(1 + d / (softness * scale)) + slope * d);
  }
};

// What to reach before the new state is refused, at a temperature.
inline double threshold(double cost, double temperature, Random& random) {
  return cost - temperature * log_portable(random.uniform());
}

}  // namespace anneal
