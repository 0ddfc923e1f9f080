// Events a second over the last seconds, in a ring of one-second counts. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace penstock::queue {

class RateMeter {
 public:
  /// `total`: the running sum of what is measured.
  void update(uint64_t total, uint64_t now_ms);
  /// 0 when nothing happened or too little time has passed.
  double per_second() const { return rate_; }

 private:
  static constexpr size_t kSeconds = 10;
  std::array<uint64_t, kSeconds> totals_{};
  std::array<uint64_t, kSeconds> times_ms_{};
  size_t filled_ = 0, at_ = 0;
  double rate_ = 0;
};

}  // namespace penstock::queue
