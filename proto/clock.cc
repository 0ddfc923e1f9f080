#include "proto/clock.h"

#include <ctime>

namespace penstock {

static uint64_t read_us(clockid_t which) {
  timespec t;
  clock_gettime(which, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000 + static_cast<uint64_t>(t.tv_nsec) / 1000;
}

uint64_t SystemClock::monotonic_ms() const { return read_us(CLOCK_MONOTONIC) / 1000; }
uint64_t SystemClock::monotonic_us() const { return read_us(CLOCK_MONOTONIC); }
uint64_t SystemClock::wall_ms() const { return read_us(CLOCK_REALTIME) / 1000; }

}  // namespace penstock
