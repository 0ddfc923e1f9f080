// One second of a run, as the charts and the live line show it. Values.
#pragma once

#include <cstdint>
#include <vector>

namespace penstock::bench {

struct Interval {
  double at_s = 0;  ///< its end, since the measuring began
  double length_s = 0;
  uint64_t done = 0;     ///< requests answered 2xx
  uint64_t errors = 0;   ///< refused, broken, timed out
  uint64_t backlog = 0;  ///< due but not sent, at its end
  uint64_t p50 = 0;      ///< nanoseconds
  uint64_t p99 = 0;
  uint64_t max = 0;
  struct Use {
    double cpu = 0;  ///< cores
    uint64_t rss_bytes = 0;
    bool alive = false;
  };
  std::vector<Use> watched;  ///< as named, in their order
  double own_cpu = 0;        ///< cores
};

}  // namespace penstock::bench
