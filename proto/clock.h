// Time as a dependency: the real clock in the programs, a fake one in tests. Any thread.
#pragma once

#include <cstdint>

namespace penstock {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since an arbitrary start; never goes back. Timers and leases use this.
  virtual uint64_t monotonic_ms() const = 0;
  /// Microseconds of the same clock, for measuring.
  virtual uint64_t monotonic_us() const = 0;
  /// Milliseconds since 1970; may jump. Stored times use this.
  virtual uint64_t wall_ms() const = 0;
};

/// The machine's clocks (CLOCK_MONOTONIC, CLOCK_REALTIME).
class SystemClock final : public Clock {
 public:
  uint64_t monotonic_ms() const override;
  uint64_t monotonic_us() const override;
  uint64_t wall_ms() const override;
};

}  // namespace penstock
