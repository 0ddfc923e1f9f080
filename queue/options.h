// What an operator may set of the queue. Plain data; the defaults are proto/limits.h's.
#pragma once

#include <cstdint>
#include <string>

#include "proto/limits.h"

namespace penstock::queue {

struct ServiceOptions {
  std::string data_dir;              ///< empty: the in-memory engine, for tests and benchmarks
  uint64_t queue_events_max = limits::queue_events_max;
  size_t window_events_max = limits::window_events_max;
  size_t window_bytes_max = limits::window_bytes_max;
  uint32_t attempts_max = limits::attempts_max;
  uint64_t retry_first_ms = limits::retry_first_ms;
  uint64_t retry_ms_max = limits::retry_ms_max;
  uint64_t lease_ms = limits::lease_ms;
  uint64_t result_retention_ms = limits::result_retention_ms;
  uint64_t event_retention_ms = limits::event_retention_ms;
  bool accept_loss = false;          ///< open even if acknowledged commits are missing
  uint64_t seed = 0;                 ///< of the retry jitter; 0: random
};

}  // namespace penstock::queue
