// How long a failed attempt waits before the next: doubling from the first, bounded, with jitter
// so that a thousand failures do not come back as one. Seeded, so that a test can replay it.
#pragma once

#include <cstdint>
#include <random>

namespace penstock::queue {

class Backoff {
 public:
  Backoff(uint64_t first_ms, uint64_t max_ms, uint64_t seed)
      : first_ms_(first_ms), max_ms_(max_ms), random_(seed) {}
  /// Between half and all of first · 2^(attempts-1); `attempts` have failed, at least one.
  uint64_t delay_ms(uint32_t attempts);

 private:
  uint64_t first_ms_, max_ms_;
  std::minstd_rand random_;
};

}  // namespace penstock::queue
