// The exact counters, and their durable form. Queued is what is left when all else is taken from
// the accepted, so the sum holds by construction. One thread.
#pragma once

#include "queue/types.h"

namespace penstock::queue {

class Tally {
 public:
  Tally() = default;
  /// From the store; `waiting` of the unended runs wait for their time.
  explicit Tally(const records::Position& position);

  void accepted(bool captured, bool filtered = false);
  void running(int by) { counters_.running += static_cast<uint64_t>(by); }
  void waiting(int by) { counters_.waiting += static_cast<uint64_t>(by); }
  /// A run ended; running or waiting must have been told first.
  void ended(records::RunStatus status);

  Counters counters() const;
  uint64_t accepted_count() const { return counters_.accepted; }
  /// Queued, running and waiting together.
  uint64_t unended() const;
  void write(records::Position& position) const;

 private:
  Counters counters_;  // queued unused
};

}  // namespace penstock::queue
