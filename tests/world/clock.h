// The simulated world's time: moves when told to. One thread.
#pragma once

#include "proto/clock.h"

namespace penstock::world {

class WorldClock final : public Clock {
 public:
  uint64_t monotonic_ms() const override { return monotonic_ms_; }
  uint64_t monotonic_us() const override { return monotonic_ms_ * 1000; }
  uint64_t wall_ms() const override { return monotonic_ms_ + kEpochMs + offset_ms_; }
  void advance(uint64_t ms) { monotonic_ms_ += ms; }
  /// Somebody sets the clock: so far off from what is right.
  void set_wall_offset(int64_t ms) { offset_ms_ = static_cast<uint64_t>(ms); }

 private:
  static constexpr uint64_t kEpochMs = 1'700'000'000'000;
  uint64_t monotonic_ms_ = 1'000'000, offset_ms_ = 0;
};

}  // namespace penstock::world
