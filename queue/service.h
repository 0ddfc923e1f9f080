// The queue as the gateway uses it: the pure state machine (queue.h), the commit thread
// (committer.h), the gate that holds actions back until their batch is durable (reply_gate.h) and
// the reader thread (reader.h), behind one object.
//
// Lifecycle: open() recovers the store; then commands and turn() from one thread, the loop's;
// drain() flushes; the destructor joins the threads. `wake` is called from the other threads and
// must be safe there (uv_async_send is).
//
// Limitations: one process per data folder (a lock file says so). Commands take effect in memory at
// once; what they cause leaves only by take_actions(), after its commit.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/clock.h"
#include "proto/status.h"
#include "queue/options.h"
#include "queue/types.h"

namespace penstock::queue {

/// Sums for /metrics; histograms are arrays of counts by powers of two of microseconds.
struct ServiceMetrics {
  uint64_t commits = 0, committed_events = 0, committed_bytes = 0;
  uint64_t fsync_us_sum = 0, fsync_us_max = 0;
  std::vector<uint64_t> fsync_us_log2;
  uint64_t backlog_events = 0, backlog_bytes = 0;  ///< waiting for their fsync now
  uint64_t oldest_queued_ms = 0;                   ///< age of the oldest queued event
  uint64_t workers = 0, slots = 0, slots_used = 0;
  uint64_t retries = 0, leases_lost = 0, stale_results = 0;
  uint64_t disk_bytes = 0;
};

class Service {
 public:
  virtual ~Service() = default;

  /// Opens or creates the data folder and recovers. Faults: kCorrupt (damage, with what is
  /// affected), kIo, kUnavailable (another process holds the folder).
  static Result<std::unique_ptr<Service>> open(ServiceOptions options, const Clock& clock,
                                               std::function<void()> wake);

  // --- commands ---
  /// Accepts a delivery (meta.captured: a sample only). Answered by Accepted{cookie}; refused at
  /// once with queue_full, storage_unavailable or draining. On success the new id.
  virtual std::variant<Id, Rejected> accept(NewEvent event, Cookie cookie) = 0;
  virtual void worker_joined(WorkerId worker, uint32_t slots) = 0;
  /// The worker was heard of: its leases live on.
  virtual void worker_alive(WorkerId worker) = 0;
  /// The worker takes no more; what it has goes on.
  virtual void worker_draining(WorkerId worker) = 0;
  /// The worker is gone: its runs go to others, one attempt used.
  virtual void worker_gone(WorkerId worker) = 0;
  /// A run's end as a worker says it. A stale fence is counted and ignored.
  virtual void finished(WorkerId worker, Id id, uint64_t fence, records::Outcome outcome) = 0;
  virtual void journal(WorkerId worker, Id id, uint64_t fence, uint32_t sequence,
                       std::string record) = 0;
  /// A piece of the run's stream; answered to all by PieceStored. A stale fence is counted and
  /// ignored; more than limits::stream_bytes_max ends the run.
  virtual void piece(WorkerId worker, Id id, uint64_t fence, records::StreamPiece piece) = 0;
  /// The reply, ahead of the end: a piece of type reply. Only the first one counts.
  virtual void early_reply(WorkerId worker, Id id, uint64_t fence,
                           const records::Outcome& outcome) = 0;
  /// Nothing to do for this run before `wake_at_ms` (wall clock): the slot is free meanwhile.
  virtual void park(WorkerId worker, Id id, uint64_t fence, uint64_t wake_at_ms) = 0;
  /// Idempotent. Answered by CancelAnswered, and by Ended when it ended the run.
  virtual void cancel(Id id, Cookie cookie) = 0;
  /// Writes or (empty value) removes definitions, all or none. Answered by Defined.
  virtual void define(std::vector<StoredDefinition> definitions, Cookie cookie) = 0;

  // --- reads ---
  /// All definitions; for start-up, blocks.
  virtual Result<std::vector<StoredDefinition>> definitions() = 0;
  /// Unended runs as memory knows them; nullopt: not in memory (ended, spilled, or unknown).
  virtual std::optional<LiveView> live(Id id) const = 0;
  /// Recently ended runs, without touching the disk.
  virtual ResultPtr cached_result(Id id) const = 0;
  /// Answered by ReadDone. `with_journal`: the run's history too.
  virtual void read_run(Id id, bool with_journal, Cookie cookie) = 0;
  virtual void list(ListQuery query, Cookie cookie) = 0;
  /// The run's stream from this sequence on, about `bytes_max` of it and at least a piece. Answered
  /// by ReadDone with a StreamPage.
  virtual void read_stream(Id id, uint32_t from, size_t bytes_max, Cookie cookie) = 0;
  virtual Counters counters() const = 0;
  virtual ServiceMetrics metrics() const = 0;
  /// Measured drain rate, runs a second, over the last seconds; 0 unknown.
  virtual double drain_rate() const = 0;

  // --- the loop ---
  /// Timers, leases, flush of what has gathered, hand-over of what is durable. Call it once a loop
  /// turn. Returns the monotonic ms at which it wants to be called again at the latest.
  /// A fault means that the store failed: stop acknowledging and end the process non-zero.
  virtual Result<uint64_t> turn() = 0;
  /// The actions whose commits are durable, in order; empties the list.
  virtual std::vector<Action> take_actions() = 0;
  virtual std::vector<ReadDone> take_reads() = 0;
  /// False while the store heals (disk full): accept() answers storage_unavailable.
  virtual bool writable() const = 0;
  /// Refuse new events with `draining`; running work may still finish.
  virtual void drain() = 0;
  /// Nothing waits for a commit any more.
  virtual bool flushed() const = 0;
};

}  // namespace penstock::queue
