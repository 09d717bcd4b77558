#pragma once

#include <cmath>

namespace lmsurv {

// A sum of two doubles, 106 bits in all: for running sums from which is taken away again what was
// added before. Knuth's exact sum and Dekker's exact product (Dekker 1971,
// doi:10.1007/BF01397083); the error of each operation is a few units of 2^-104, relative.
class DoubleDouble {
 public:
  DoubleDouble(double high = 0, double low = 0) : high_(high), low_(low) {}

  double value() const { return high_ + low_; }

  DoubleDouble operator-() const { return {-high_, -low_}; }

  DoubleDouble operator+(const DoubleDouble& other) const {
    const DoubleDouble high = sum(high_, other.high_);
    const DoubleDouble low = sum(low_, other.low_);
    const DoubleDouble once = quick_sum(high.high_, high.low_ + low.high_);
    return quick_sum(once.high_, once.low_ + low.low_);
  }
  DoubleDouble operator-(const DoubleDouble& other) const { return *this + -other; }
  DoubleDouble operator*(const DoubleDouble& other) const {
    const DoubleDouble p = product(high_, other.high_);
    return quick_sum(p.high_, p.low_ + (high_ * other.low_ + low_ * other.high_));
  }
  DoubleDouble& operator+=(const DoubleDouble& other) { return *this = *this + other; }
  DoubleDouble& operator-=(const DoubleDouble& other) { return *this = *this - other; }

 private:
  static DoubleDouble sum(double a, double b) {
    const double s = a + b;
    const double part = s - a;
    return {s, (a - (s - part)) + (b - part)};
  }
  // |a| >= |b|
  static DoubleDouble quick_sum(double a, double b) {
    const double s = a + b;
    return {s, b - (s - a)};
  }
  static DoubleDouble product(double a, double b) {
    const double p = a * b;
    const DoubleDouble x = split(a), y = split(b);
    return {p, ((x.high_ * y.high_ - p) + x.high_ * y.low_ + x.low_ * y.high_) + x.low_ * y.low_};
  }
  // Two halves of 26 bits each; |a| < 2^996.
  static DoubleDouble split(double a) {
    const double t = 134217729.0 * a;  // 2^27 + 1
    const double high = t - (t - a);
    return {high, a - high};
  }

  double high_, low_;
};

}  // namespace lmsurv
