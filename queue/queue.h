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
// Limitations: runs with a LiveRecord stay in memory (some 500 bytes each, and what
// their listeners look for).
#pragma once

#include <deque>
#include <optional>
#include <set>

#include "queue/backlog.h"
#include "queue/backoff.h"
#include "queue/batch.h"
#include "queue/dedup.h"
#include "queue/fences.h"
#include "queue/flow.h"
#include "queue/options.h"
#include "queue/reads.h"
#include "queue/ready_line.h"
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
  std::shared_ptr<DedupIndex> keys;  ///< may be null; the queue takes it over
};

/// An action and the batch that must be durable first.
struct GatedAction { Ticket needs; Action action; };

/// Counts for /metrics.
struct QueueCounts {
  uint64_t retries = 0, leases_lost = 0, stale_results = 0, ended = 0, published = 0;
  uint64_t duplicates = 0, keys_reused = 0, key_reads = 0;
};

/// What to do with a delivery that has a dedup key.
enum class KeyState : uint8_t {
  kNew,    ///< accept it, and claim() the key
  kTaken,  ///< answered: it is a copy
  kAsked,  ///< ask again when the key has been read
};

class Queue {
 public:
  /// `recovered` must add up (check with fits()).
  Queue(const ServiceOptions& options, const Recovered& recovered, Now now);
  /// kCorrupt when position and live records contradict each other.
  static Status fits(const Recovered& recovered);

  // --- commands; see service.h ---
  void accept(EventPtr event, RunLabels labels, bool memory_only, Now now);
  /// Answers accept() once all said so far is durable; at once for class `memory`.
  void acknowledge(Accepted accepted, bool memory_only);
  /// Is this a copy? `sha256`: of its body, empty where any body will do. `read`: the disk was asked.
  KeyState look_at_key(const DedupKey& key, std::string_view sha256, bool read, Cookie cookie,
                       Now now, Id& first);
  /// The key of the event just accepted.
  void claim_key(const DedupKey& key, records::DedupRecord record, bool memory_only, Now now);
  void worker_joined(WorkerId worker, uint32_t slots, Now now);
  void worker_alive(WorkerId worker, Now now);
  void worker_draining(WorkerId worker);
  void worker_gone(WorkerId worker, Now now);
  void finished(Id id, uint64_t fence, records::Outcome outcome, Now now);
  void journal(Id id, uint64_t fence, uint32_t sequence, std::string record, uint32_t heard,
               Now now);
  void piece(Id id, uint64_t fence, records::StreamPiece piece, Now now);
  void early_reply(Id id, uint64_t fence, const records::Outcome& outcome, Now now);
  void park(Id id, uint64_t fence, uint64_t wake_at_ms, uint32_t heard, Now now);
  void listen(Id id, uint64_t fence, uint32_t ordinal, records::EventFilters filters, Now now);
  void unlisten(Id id, uint64_t fence, uint32_t ordinal);
  void publish(const CloudEvent& event, Now now);
  void emitted(Id id, uint64_t fence, uint32_t ordinal);
  void signal(Id id, const CloudEvent& event, Cookie cookie, Now now);
  void cancel(Id id, Cookie cookie, Now now);
  void define(std::vector<StoredDefinition> definitions, Cookie cookie);
  void audit(AuditEntry entry, Now now);
  /// Leases nothing more; what runs may finish.
  void drain() { draining_ = true; }
  void set_flow(const std::string& trigger, const FlowLimits& limits, Now now);

  // --- answers to reads; a fault is final ---
  Status loaded(Id id, RunAnswer answer, Now now);
  Status refilled(RefillAnswer answer);
  Status looked_up(const LookUp& job, const RunAnswer& answer, Now now);
  Status swept(SweepAnswer answer, Now now);
  Status key_read(const ReadKey& job, KeyAnswer answer);

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
  /// The lease with this fence is in force.
  bool holds(Id id, uint64_t fence) const;
  bool has_listeners() const { return !index_.empty(); }
  const QueueCounts& counts() const { return counts_; }
  const Workers& workers() const { return workers_; }
  const Dedup& dedup() const { return dedup_; }
  const Flow& flow() const { return flow_; }
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
  void recover_flow(Run& run, const records::FlowPlace& place);
  static void note_flow(const Run& run, records::FlowPlace& place);

  // Moves between states: leave() the old one, then exactly one of the others.
  void leave(Run& run, Now now);
  void make_ready(Run& run, EventPtr event);
  void make_due(Run& run);
  void start_timer(Run& run, Now now);
  void wait(Run& run, uint64_t wake_at_ms, bool parked, Now now);
  void lease(Run& run, Worker& worker, Now now);
  /// It gives up its place among those that its trigger lets run.
  void pause_flow(Run& run, Now now);
  void end(Run& run, records::Outcome outcome, Now now);
  void end_spilled(const LookUp& job, const RunRead& read, Now now);

  void fail_attempt(Run& run, std::string reason, Now now);
  void fail_all(Worker& worker, const std::string& reason, bool tell, Now now);
  void store_result(Id id, records::ResultRecord record);
  void store_live(Run& run, records::RunStatus status);
  void store_piece(Run& run, records::StreamPiece piece);
  // queue_events.cc
  void keep_for(Run& run, std::vector<uint32_t> ordinals, const CloudEvent& event, Now now);
  void take_heard(Run& run, uint32_t heard);
  void stop_listening(Run& run);
  void recover_ears(Run& run, const records::LiveRecord& live);
  /// What was read back of its inbox. `stale`: more came meanwhile, read it again.
  Status take_inbox(Run& run, std::vector<std::string> inbox, bool& stale);

  bool stream_full(const Run& run, const records::StreamPiece& piece) const;
  void act(Ticket needs, Action action) { actions_.push_back({needs, std::move(action)}); }

  void wake_due(Now now);
  void expire_leases(Now now);
  void dispatch(Now now);
  Run* next_to_run();
  /// Whether a lane or a limit stops it; then it is held there from now on.
  bool held_back(Run& run, Now now);
  /// Those whose gates have room for them come to the front again.
  void line_up_called();
  bool window_has_room(const RunLabels& labels) const;
  void load_due(Now now);
  void look_up();
  void refill();
  void move_low_water();
  void start_sweep(Now now);
  void sweep_keys(Now now);
  /// By the wall clock, but never ahead of what the monotonic one says has passed.
  uint64_t steady_wall_ms(Now now) const;
  Id low_water() const;
  uint64_t deadline(Now now) const;

  const ServiceOptions options_;
  RunTable runs_;
  ReadyLine ready_;
  LinkedList<Run, &Run::line> due_, loaded_;
  LinkedList<Run, &Run::unstored> unstored_;
  std::set<std::pair<uint64_t, Id>> timers_;  ///< monotonic ms
  std::deque<Ending> ending_;
  std::deque<LateLookUp> lookups_;
  EventIndex<ListenerKey> index_;
  Backlog backlog_;
  Workers workers_;
  Tally tally_;
  Fences fences_;
  Backoff backoff_;
  ResultCache results_;
  Dedup dedup_;
  Flow flow_;
  QueueCounts counts_;

  uint64_t audit_count_;
  std::string audit_hash_;   ///< of the newest record
  Batch batch_;  ///< the open one
  std::vector<GatedAction> actions_;
  std::vector<ReadJob> reads_;
  Ticket durable_ = 0;

  size_t ready_bytes_ = 0, loaded_bytes_ = 0, loading_ = 0;
  size_t held_bytes_ = 0, held_bodies_ = 0;
  uint64_t placed_ = 0;      ///< places given out in the line
  Id last_id_;
  bool draining_ = false;
  uint64_t ticked_ms_ = 0;   ///< monotonic, the last tick
  Now started_;              ///< retention does not follow a wall clock that jumps ahead
  bool sweeping_ = false;
  uint64_t sweep_at_ms_ = 0, sweep_keys_at_ms_ = 0;
  std::optional<Id> sweep_low_water_;  ///< of the sweep that waits for sweep_ticket_
  Ticket sweep_ticket_ = 0;
  Id results_from_;
  uint64_t retention_min_ms_;  ///< the shortest that any result was given
};

}  // namespace penstock::queue
