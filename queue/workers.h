// Who can run what: the executors, their slots and their leases. A worker's runs share one lease,
// which lives as long as the worker is heard of. One thread.
//
// Limitations: choosing a worker looks at all of them; fine for hundreds.
#pragma once

#include <optional>
#include <vector>

#include "queue/run.h"

namespace penstock::queue {

struct Worker {
  WorkerId id = 0;
  uint32_t slots = 0;
  bool draining = false;
  bool lost = false;            ///< its lease ran out; heard of again it starts afresh
  uint64_t heard_ms = 0;        ///< monotonic
  LinkedList<Run, &Run::leased> runs;
};

class Workers {
 public:
  explicit Workers(uint64_t lease_ms) : lease_ms_(lease_ms) {}

  void join(WorkerId id, uint32_t slots, uint64_t now_ms);
  /// Heard of; also ends being lost.
  void alive(WorkerId id, uint64_t now_ms);
  void drain(WorkerId id);
  Worker* find(WorkerId id);
  /// Forgets a worker that has no runs.
  void forget(WorkerId id);

  /// The least loaded one with a free slot.
  Worker* choose();
  void lease(Worker& worker, Run& run);
  void release(Run& run);
  /// A worker silent for longer than the lease, once; then it counts as lost.
  Worker* expired(uint64_t now_ms);
  /// The loop stood still: nobody could be heard, so nobody is late.
  void forgive(uint64_t now_ms);
  /// When the next lease runs out, if nothing is heard.
  std::optional<uint64_t> next_expiry_ms() const;

  size_t count() const { return workers_.size(); }
  uint64_t slots() const;
  uint64_t slots_used() const { return slots_used_; }
  uint64_t slots_free() const;
  const std::vector<std::unique_ptr<Worker>>& all() const { return workers_; }

 private:
  uint64_t lease_ms_;
  uint64_t slots_used_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace penstock::queue
