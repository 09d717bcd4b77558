#pragma once

namespace lmsurv {

// A running sum of terms of either sign that keeps what rounding takes from it (Neumaier 1974,
// doi:10.1002/zamm.19740540106), which Knuth's TwoSum finds without asking which term is larger.
class CompensatedSum {
 public:
  void add(double term) {
    const double sum = sum_ + term;
    const double added = sum - sum_;
    lost_ += (sum_ - (sum - added)) + (term - added);
    sum_ = sum;
  }
  double value() const { return sum_ + lost_; }
  void reset() { sum_ = lost_ = 0; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace lmsurv
