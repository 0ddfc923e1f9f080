// How long the loop is away from its poll: the longest turn, since start and of late.
// Loop thread. The loop must have been configured with UV_METRICS_IDLE_TIME.
#pragma once

#include <uv.h>

#include <algorithm>
#include <cstdint>

#include "gateway/app/context.h"

namespace penstock::gateway {

class LoopWatch {
 public:
  /// Call it where the loop is about to poll.
  void before_poll(uv_loop_t* loop, Health& health) {
    const uint64_t now = uv_hrtime(), idle = uv_metrics_idle_time(loop);
    if (last_ns_ != 0) {
      const uint64_t whole = now - last_ns_, idled = idle - last_idle_ns_;
      note(whole > idled ? (whole - idled) / 1000 : 0, now, health);
    }
    last_ns_ = now;
    last_idle_ns_ = idle;
  }

 private:
  static constexpr uint64_t window_ns = 10'000'000'000;

  void note(uint64_t turn_us, uint64_t now, Health& health) {
    health.loop_turn_us_max = std::max(health.loop_turn_us_max, turn_us);
    if (now - window_start_ns_ > window_ns) {
      window_start_ns_ = now;
      previous_us_ = current_us_;
      current_us_ = 0;
    }
    current_us_ = std::max(current_us_, turn_us);
    health.loop_turn_us_recent = std::max(current_us_, previous_us_);
  }

  uint64_t last_ns_ = 0, last_idle_ns_ = 0, window_start_ns_ = 0;
  uint64_t current_us_ = 0, previous_us_ = 0;
};

}  // namespace penstock::gateway
