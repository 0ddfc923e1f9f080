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
  uint64_t retries = 0, leases_lost = 0, stale_results = 0, published = 0;
  uint64_t duplicates = 0, keys_reused = 0;        ///< deliveries told from the first by their key
  uint64_t dedup_keys = 0, dedup_bytes = 0;        ///< remembered, and what that takes of memory
  uint64_t dedup_reads = 0;                        ///< keys that had to be looked up on disk
  uint64_t held = 0;                               ///< runs that wait for a lane or a limit
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
  /// Accepts a delivery (meta.captured: a sample only). Answered by Accepted{cookie}, or by
  /// Duplicate{cookie} where meta.dedup_key was used before; refused at once with queue_full,
  /// storage_unavailable or draining. On success the id, the first one's for a duplicate; zero when
  /// the disk must be asked first whether it is one. Events of one turn are in one commit, and
  /// copies among them are told from each other like any others. Samples and replays are no
  /// duplicates and remember no key: they start no run, or were meant to.
  virtual std::variant<Id, Rejected> accept(NewEvent event, Cookie cookie) = 0;
  /// Accepts deliveries in order, each as accept() does, in one commit; `shared` and an item's own
  /// fields make its metadata. How many were taken, and why no more; the others are left as they
  /// are. `shared` must ask for nothing that looks at single events: no dedup key, no lane.
  virtual std::pair<size_t, std::optional<Rejected>> accept_batch(
      const records::EventMeta& shared, std::vector<BatchItem>& items, bool memory_only) = 0;
  virtual void worker_joined(WorkerId worker, uint32_t slots) = 0;
  /// The worker was heard of: its leases live on.
  virtual void worker_alive(WorkerId worker) = 0;
  /// The worker takes no more; what it has goes on.
  virtual void worker_draining(WorkerId worker) = 0;
  /// The worker is gone: its runs go to others, one attempt used.
  virtual void worker_gone(WorkerId worker) = 0;
  /// A run's end as a worker says it. A stale fence is counted and ignored.
  virtual void finished(WorkerId worker, Id id, uint64_t fence, records::Outcome outcome) = 0;
  /// `heard`: so many events of its inbox the journal is past.
  virtual void journal(WorkerId worker, Id id, uint64_t fence, uint32_t sequence,
                       std::string record, uint32_t heard = 0) = 0;
  /// A piece of the run's stream; answered to all by PieceStored. A stale fence is counted and
  /// ignored; more than limits::stream_bytes_max ends the run.
  virtual void piece(WorkerId worker, Id id, uint64_t fence, records::StreamPiece piece) = 0;
  /// The reply, ahead of the end: a piece of type reply. Only the first one counts.
  virtual void early_reply(WorkerId worker, Id id, uint64_t fence,
                           const records::Outcome& outcome) = 0;
  /// Nothing to do for this run before `wake_at_ms` (wall clock; 0: only an event wakes it): the
  /// slot is free meanwhile.
  virtual void park(WorkerId worker, Id id, uint64_t fence, uint64_t wake_at_ms,
                    uint32_t heard = 0) = 0;

  // --- events between runs ---
  /// The run looks for these, by the listener's ordinal, until unlisten() or its end. What comes is
  /// kept for it and told by Heard; it wakes a run that is parked.
  virtual void listen(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal,
                      records::EventFilters filters) = 0;
  virtual void unlisten(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal) = 0;
  /// Keeps the event for all runs that may want it.
  virtual void publish(const CloudEvent& event) = 0;
  virtual bool has_listeners() const = 0;
  /// The lease with this fence is in force.
  virtual bool holds(Id id, uint64_t fence) const = 0;
  /// All that the run's event caused has been said: answered by Emitted once it is durable.
  virtual void emitted(WorkerId worker, Id id, uint64_t fence, uint32_t ordinal) = 0;
  /// An event for one run. Answered by Signalled.
  virtual void signal(Id id, const CloudEvent& event, Cookie cookie) = 0;

  /// Idempotent. Answered by CancelAnswered, and by Ended when it ended the run.
  virtual void cancel(Id id, Cookie cookie) = 0;
  /// What this trigger allows its runs from here on. At start, before the first turn.
  virtual void set_flow(const std::string& trigger, const FlowLimits& limits) = 0;
  /// Writes or (empty value) removes definitions, all or none. Answered by Defined.
  virtual void define(std::vector<StoredDefinition> definitions, Cookie cookie) = 0;

  /// Adds to the audit log, in the commit of what is said next in the same turn.
  virtual void audit(AuditEntry entry) = 0;

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
  /// The audit log from before this sequence back; 0: from the newest. Answered by ReadDone with an
  /// AuditPage.
  virtual void read_audit(uint64_t before, uint32_t limit, Cookie cookie) = 0;
  virtual Counters counters() const = 0;
  /// Of the triggers with limits or lanes.
  virtual std::vector<FlowState> flow_states() const = 0;
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
