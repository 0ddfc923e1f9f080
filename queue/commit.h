// One step of making batches durable: all that gathered becomes one write with one fsync. Callable
// from whichever thread commits; used from one at a time.
//
// Lifecycle: made for an open store, whose last sequence it goes on from. Limitations: after a
// fault other than kFull nothing more may be written; the caller sees to that.
#pragma once

#include <vector>

#include "queue/batch.h"
#include "queue/event_pack.h"
#include "queue/store.h"

namespace penstock::queue {

class Commit {
 public:
  Commit(Store& store, uint64_t sequence) : store_(store), sequence_(sequence) {}

  /// Writes the batches, in order, as the next commit; returns when it is durable. After kFull
  /// again() finishes the job.
  Status run(const std::vector<Batch>& batches);
  /// After kFull: heals the store and writes the same commit, unless it was kept after all.
  Status again();

 private:
  void encode(const std::vector<Batch>& batches);
  void encode_events(const std::vector<Batch>& batches);
  void encode(const Batch& batch);
  Status write();

  Store& store_;
  uint64_t sequence_;
  WriteSet set_;
  EventPacker packer_;
};

}  // namespace penstock::queue
