// The server's own sum: accepted = captured + queued + running + waiting + ended, and its growth
// against what this client was told. Values and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::bench {

struct ServerCounts {
  uint64_t accepted = 0, captured = 0, queued = 0, running = 0, waiting = 0;
  uint64_t succeeded = 0, failed = 0, cancelled = 0, dead = 0;

  uint64_t open() const { return queued + running + waiting; }
  uint64_t sum() const { return captured + open() + succeeded + failed + cancelled + dead; }
};

/// Reads the JSON of /v1/stats.
Result<ServerCounts> parse_stats(std::string_view json);

struct Conservation {
  bool known = false;  ///< whether the server was asked before and after
  ServerCounts before, after;
  uint64_t acknowledged = 0;  ///< distinct runs that this client was told of
  uint64_t unanswered = 0;    ///< requests whose fate this client never learned

  uint64_t grown() const { return after.accepted - before.accepted; }
  /// Runs that the server has and no 2xx told of.
  int64_t beyond() const {
    return static_cast<int64_t>(grown()) - static_cast<int64_t>(acknowledged);
  }
  /// Whether the sum holds and every run beyond the acknowledged ones has an unanswered request.
  bool holds() const;
  /// Empty when it holds, else a sentence.
  std::string complaint() const;
};

}  // namespace penstock::bench
