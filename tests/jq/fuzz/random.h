// Small reproducible choices. One seed gives the same run anywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace penstock::jq::fuzz {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  /// From 0 up to `count`, exclusive.
  size_t below(size_t count) { return static_cast<size_t>((next() >> 33) % count); }
  bool one_in(size_t count) { return below(count) == 0; }
  std::string_view pick(std::span<const std::string_view> from) { return from[below(from.size())]; }

 private:
  uint64_t state_;
};

}  // namespace penstock::jq::fuzz
