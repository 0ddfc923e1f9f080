// The machine's clock, which may be moved forward: a wait of a day then takes no time.
// Single thread.
#pragma once

#include <algorithm>

#include "proto/clock.h"

namespace penstock::executor {

class SkippingClock final : public Clock {
 public:
  uint64_t monotonic_ms() const override { return real_.monotonic_ms() + skipped_ms_; }
  uint64_t monotonic_us() const override { return real_.monotonic_us() + skipped_ms_ * 1000; }
  uint64_t wall_ms() const override { return real_.wall_ms() + skipped_ms_; }
  /// It is at least this late now; never goes back.
  void skip_to(uint64_t due_ms) {
    const uint64_t now_ms = wall_ms();
    skipped_ms_ += std::max(due_ms, now_ms) - now_ms;
  }

 private:
  SystemClock real_;
  uint64_t skipped_ms_ = 0;
};

}  // namespace penstock::executor
