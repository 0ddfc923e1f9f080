// The queue's state machine: commands and the time go in; a batch to store, actions to take once a
// batch is durable, and reads to make come out, as values. No I/O, no threads, no clock.
//
// An accepted event is ready (in the window, with its body) or spilled (on disk only, see
// backlog.h). A free slot leases the oldest; a lease costs no write. A run that is more than merely
// queued (retried, journalled, parked, or old enough to hold back the low water) has a LiveRecord;
// its body is read back when its time comes. A run that ended stays in memory until its result is
// durable, so that a reader never sees it as unknown.
//
// Lifecycle: built from what recovery found; commands, answers, tick(), close_batch() in any
// order; durable() as batches land. One thread.
// Limitations: runs with a LiveRecord stay in memory (some 500 bytes each).
#pragma once

#include <deque>
#include <optional>
#include <set>

#include "queue/backlog.h"
#include "queue/backoff.h"
#include "queue/batch.h"
#include "queue/fences.h"
#include "queue/options.h"
#include "queue/reads.h"
#include "queue/result_cache.h"
#include "queue/run_table.h"
#include "queue/tally.h"
#include "queue/workers.h"

namespace penstock::queue {

struct Now { uint64_t monotonic_ms, wall_ms; };

/// What recovery found in the store.
struct Recovered {
  records::Position position;
  std::vector<LiveWrite> live;
};

/// An action and the batch that must be durable first.
struct GatedAction { Ticket needs; Action action; };

/// Counts for /metrics.
struct QueueCounts { uint64_t retries = 0, leases_lost = 0, stale_results = 0, ended = 0; };

class Queue {
 public:
  /// `recovered` must add up (check with fits()).
  Queue(const ServiceOptions& options, const Recovered& recovered, Now now);
  /// kCorrupt when position and live records contradict each other.
  static Status fits(const Recovered& recovered);

  // --- commands; see service.h ---
  void accept(EventPtr event, RunLabels labels, bool memory_only, Cookie cookie, Now now);
  void worker_joined(WorkerId worker, uint32_t slots, Now now);
  void worker_alive(WorkerId worker, Now now);
  void worker_draining(WorkerId worker);
  void worker_gone(WorkerId worker, Now now);
  void finished(Id id, uint64_t fence, records::Outcome outcome, Now now);
  void journal(Id id, uint64_t fence, uint32_t sequence, std::string record, Now now);
  void piece(Id id, uint64_t fence, records::StreamPiece piece, Now now);
  void early_reply(Id id, uint64_t fence, const records::Outcome& outcome, Now now);
  void park(Id id, uint64_t fence, uint64_t wake_at_ms, Now now);
  void cancel(Id id, Cookie cookie, Now now);
  void define(std::vector<StoredDefinition> definitions, Cookie cookie);
  /// Leases nothing more; what runs may finish.
  void drain() { draining_ = true; }

  // --- answers to reads; a fault is final ---
  Status loaded(Id id, RunAnswer answer, Now now);
  Status refilled(RefillAnswer answer);
  Status looked_up(const LookUp& job, const RunAnswer& answer, Now now);
  Status swept(SweepAnswer answer, Now now);

  // --- the turn ---
  /// Timers, leases, dispatch, reads ahead. Returns the monotonic ms of the next deadline.
  uint64_t tick(Now now);
  /// What gathered, to be stored; nullopt when there is nothing to store.
  std::optional<Batch> close_batch();
  std::vector<GatedAction> take_actions() { return std::exchange(actions_, {}); }
  std::vector<ReadJob> take_reads() { return std::exchange(reads_, {}); }
  /// All batches up to this one are on disk.
  void durable(Ticket ticket);

  // --- what is true now ---
  std::optional<LiveView> live(Id id) const;
  /// The event while it is in memory.
  EventPtr event(Id id) const;
  ResultPtr cached_result(Id id) const { return results_.find(id); }
  bool spilled(Id id) const { return backlog_.may_hold(id) && id <= last_id_; }
  std::vector<Id> running() const;
  Counters counters() const { return tally_.counters(); }
  uint64_t unended() const { return tally_.unended(); }
  const QueueCounts& counts() const { return counts_; }
  const Workers& workers() const { return workers_; }
  /// The oldest queued event, zero when there is none.
  Id oldest_queued() const;
  /// Nothing is waiting to be put into a batch or to become durable.
  bool settled() const { return batch_.empty() && durable_ + 1 == batch_.ticket; }

 private:
  struct Ending { Ticket ticket; Id id; ResultPtr result; };
  struct LateLookUp { Ticket needs; LookUp job; };

  /// The batch that must be durable for all that was said so far to be.
  Ticket newest_ticket() const { return batch_.empty() ? batch_.ticket - 1 : batch_.ticket; }
  /// The run if this fence still holds; counts it as stale otherwise.
  Run* leased(Id id, uint64_t fence);
  Run& add_run(Id id, RunLabels labels, Ticket ticket);
  void recover(const LiveWrite& found, Now now);

  // Moves between states: leave() the old one, then exactly one of the others.
  void leave(Run& run);
  void make_ready(Run& run, EventPtr event);
  void make_due(Run& run);
  void start_timer(Run& run, Now now);
  void wait(Run& run, uint64_t wake_at_ms, Now now);
  void lease(Run& run, Worker& worker, Now now);
  void end(Run& run, records::Outcome outcome, Now now);
  void end_spilled(const LookUp& job, const RunRead& read, Now now);

  void fail_attempt(Run& run, std::string reason, Now now);
  void fail_all(Worker& worker, const std::string& reason, bool tell, Now now);
  void store_result(Id id, records::ResultRecord record);
  void store_live(Run& run, records::RunStatus status);
  void store_piece(Run& run, records::StreamPiece piece);
  bool stream_full(const Run& run, const records::StreamPiece& piece) const;
  void act(Ticket needs, Action action) { actions_.push_back({needs, std::move(action)}); }

  void wake_due(Now now);
  void expire_leases(Now now);
  void dispatch(Now now);
  Run* next_to_run();
  void load_due();
  void look_up();
  void refill();
  void move_low_water();
  void start_sweep(Now now);
  Id low_water() const;
  uint64_t deadline(Now now) const;

  const ServiceOptions options_;
  RunTable runs_;
  LinkedList<Run, &Run::line> ready_, due_, loaded_;
  LinkedList<Run, &Run::unstored> unstored_;
  std::set<std::pair<uint64_t, Id>> timers_;  ///< monotonic ms
  std::deque<Ending> ending_;
  std::deque<LateLookUp> lookups_;
  Backlog backlog_;
  Workers workers_;
  Tally tally_;
  Fences fences_;
  Backoff backoff_;
  ResultCache results_;
  QueueCounts counts_;

  Batch batch_;  ///< the open one
  std::vector<GatedAction> actions_;
  std::vector<ReadJob> reads_;
  Ticket durable_ = 0;

  size_t ready_bytes_ = 0, loaded_bytes_ = 0, loading_ = 0;
  uint64_t placed_ = 0;      ///< places given out in the line
  Id last_id_;
  bool draining_ = false;
  uint64_t ticked_ms_ = 0;   ///< monotonic, the last tick
  Now started_;              ///< retention does not follow a wall clock that jumps ahead
  bool sweeping_ = false;
  uint64_t sweep_at_ms_ = 0;
  std::optional<Id> sweep_low_water_;  ///< of the sweep that waits for sweep_ticket_
  Ticket sweep_ticket_ = 0;
  Id results_from_;
  uint64_t retention_min_ms_;  ///< the shortest that any result was given
};

}  // namespace penstock::queue
