// A small, fast, seedable source of numbers (splitmix64): one seed, one run, the same bytes. A
// value. Not for secrets.
#pragma once

#include <cstdint>

namespace penstock::bench {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// 0 … n-1; n is at least 1.
  uint64_t below(uint64_t n) { return next() % n; }
  /// 0 ≤ x < 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t state_;
};

}  // namespace penstock::bench
