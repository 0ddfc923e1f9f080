// Where the queue's batches go to become durable and its reads to be answered: threads in the
// program (committer.h, reader.h), a scripted world in tests. Called from the loop thread.
#pragma once

#include <vector>

#include "queue/batch.h"
#include "queue/reads.h"

namespace penstock::queue {

/// Sums over all commits so far.
struct CommitCounts {
  uint64_t commits = 0, events = 0, bytes = 0;
  uint64_t write_us_sum = 0, write_us_max = 0;
  std::vector<uint64_t> write_us_log2 = std::vector<uint64_t>(32);
};

class CommitPort {
 public:
  virtual ~CommitPort() = default;
  /// Takes the batch over; tickets ascend without a gap.
  virtual void push(Batch batch) = 0;
  /// The newest batch that is durable, with all before it; 0 none yet.
  virtual Ticket durable() const = 0;
  /// Not ok once a commit failed for good: nothing later will become durable.
  virtual Status fault() const = 0;
  /// False: take no new events.
  virtual bool writable() const = 0;
  virtual CommitCounts counts() const = 0;
};

class ReadPort {
 public:
  virtual ~ReadPort() = default;
  virtual void push(ReadJob job) = 0;
  /// What has been answered since.
  virtual std::vector<ReadReply> take() = 0;
  /// Jobs not answered yet.
  virtual size_t pending() const = 0;
};

}  // namespace penstock::queue
