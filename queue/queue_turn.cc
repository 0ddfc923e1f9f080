// What time, free slots and the store's answers make of the runs.
#include <algorithm>

#include "queue/queue.h"

namespace penstock::queue {

static constexpr uint64_t kIdleMs = 1000;  // tick at least this often

uint64_t Queue::tick(Now now) {
  if (now.monotonic_ms > ticked_ms_ + options_.lease_ms / 2) workers_.forgive(now.monotonic_ms);
  ticked_ms_ = now.monotonic_ms;
  wake_due(now);
  expire_leases(now);
  flow_.tick(now.monotonic_ms);
  line_up_called();
  load_due(now);
  look_up();
  dispatch(now);
  refill();
  start_sweep(now);
  sweep_keys(now);
  return deadline(now);
}

uint64_t Queue::deadline(Now now) const {
  // Often enough that a loop that stood still is told from one that was not called.
  uint64_t at = now.monotonic_ms + std::min(kIdleMs, std::max<uint64_t>(options_.lease_ms / 4, 1));
  if (!timers_.empty()) at = std::min(at, timers_.begin()->first);
  if (const auto expiry = workers_.next_expiry_ms()) at = std::min(at, *expiry);
  at = std::min(at, flow_.next_ms());
  return std::max(at, now.monotonic_ms);
}

void Queue::wake_due(Now now) {
  while (!timers_.empty() && timers_.begin()->first <= now.monotonic_ms) {
    Run& run = *runs_.find(timers_.begin()->second);
    leave(run, now);
    make_due(run);
  }
}

void Queue::expire_leases(Now now) {
  while (Worker* worker = workers_.expired(now.monotonic_ms))
    fail_all(*worker, "the executor was silent for longer than its lease", true, now);
}

// Due runs are read back only as slots come free, and only once what was written of them is there.
void Queue::load_due(Now now) {
  if (draining_) return;
  const uint64_t slots = workers_.slots_free();
  while (Run* run = due_.front()) {
    if (run->ticket > durable_ || loading_ >= limits::loads_max ||
        loading_ + loaded_.size() >= slots || loaded_bytes_ >= limits::load_bytes_max)
      return;
    if (held_back(*run, now)) continue;
    leave(*run, now);
    run->state = RunState::kLoading;
    loading_++;
    LoadRun job{run->id, run->listening != nullptr, 0};
    if (run->listening) {
      job.inbox_from = run->listening->inbox_done;
      run->listening->asked = run->listening->inbox_count;
    }
    reads_.push_back(job);
  }
}

// Not before the event must be there, or one that was answered early would seem unknown.
void Queue::look_up() {
  for (; !lookups_.empty() && lookups_.front().needs <= durable_; lookups_.pop_front())
    reads_.push_back(lookups_.front().job);
}

Run* Queue::next_to_run() { return loaded_.empty() ? ready_.front() : loaded_.front(); }

void Queue::dispatch(Now now) {
  if (draining_) return;
  while (Run* run = next_to_run()) {
    Worker* worker = workers_.choose();
    if (!worker) return;
    if (held_back(*run, now)) continue;
    leave(*run, now);
    lease(*run, *worker, now);
  }
}

void Queue::refill() {
  const size_t events_max = options_.window_events_max, bytes_max = options_.window_bytes_max;
  if (!backlog_.can_refill(durable_) || ready_.size() > events_max / 2 ||
      ready_bytes_ > bytes_max / 2 || flow_.held() >= limits::held_runs_max)
    return;
  reads_.push_back(backlog_.begin_refill(events_max - ready_.size(), bytes_max - ready_bytes_,
                                         durable_));
}

Status Queue::refilled(RefillAnswer answer) {
  PENSTOCK_TRY(answer.status);
  PENSTOCK_TRY(backlog_.end_refill(answer));
  for (BacklogEvent& found : answer.events) {
    const Id id = found.event->id;
    if (runs_.find(id)) return Status::corrupt("event " + id.text() + " is stored twice");
    make_ready(add_run(id, std::move(found.labels), 0), std::move(found.event));
  }
  return {};
}

/// What is stored of a run's stream, brought back with it.
static Status take_stream(Run& run, std::vector<std::string> pieces) {
  if (run.stream_count != pieces.size())
    return Status::corrupt("stream of " + run.id.text() + " is not what was written");
  run.stream_bytes = 0;
  run.stream_tasks = 0;
  for (const std::string& bytes : pieces) {
    records::StreamPiece piece;
    if (!piece.ParseFromString(bytes))
      return Status::corrupt("stream of " + run.id.text() + " cannot be read");
    run.stream_bytes += piece.data().size();
    if (piece.type() == "task") run.stream_tasks++;
  }
  run.pieces = std::move(pieces);
  return {};
}

Status Queue::loaded(Id id, RunAnswer answer, Now now) {
  PENSTOCK_TRY(answer.status);
  Run* run = runs_.find(id);
  if (!run || run->state != RunState::kLoading) return {};  // it was cancelled meanwhile
  if (!answer.read.event) return Status::corrupt("event " + id.text() + " is missing");
  if (run->journal_known && run->journal_count != answer.read.journal.size())
    return Status::corrupt("journal of " + id.text() + " is not what was written");
  records::EventMeta meta;
  if (!meta.ParseFromString(answer.read.event->meta))
    return Status::corrupt("event " + id.text() + " has broken metadata");
  leave(*run, now);
  bool stale = false;
  PENSTOCK_TRY(take_inbox(*run, std::move(answer.read.inbox), stale));
  if (stale) {
    make_due(*run);
    return {};
  }
  run->labels = labels_of(meta);
  flow_.attach(*run);
  run->journal = std::move(answer.read.journal);
  run->journal_known = true;
  run->journal_count = static_cast<uint32_t>(run->journal.size());
  run->journal_bytes = 0;
  for (const std::string& entry : run->journal) run->journal_bytes += entry.size();
  PENSTOCK_TRY(take_stream(*run, std::move(answer.read.pieces)));
  run->event = std::move(answer.read.event);
  run->state = RunState::kLoaded;
  loaded_bytes_ += run->event->meta.size() + run->event->body.size() + run->journal_bytes +
                   run->stream_bytes;
  loaded_.push_back(*run);
  return {};
}

// A clock set to next year by mistake must not make a year's events old.
uint64_t Queue::steady_wall_ms(Now now) const {
  const uint64_t passed = now.monotonic_ms - started_.monotonic_ms;
  return std::min(now.wall_ms, started_.wall_ms + passed);
}

static uint64_t before(uint64_t now_ms, uint64_t span_ms) {
  return now_ms > span_ms ? now_ms - span_ms : 0;
}

// The low water counts once it is durable: only then does the reader see the live records of all
// unended runs below it.
void Queue::start_sweep(Now now) {
  if (sweeping_ || now.monotonic_ms < sweep_at_ms_) return;
  if (!sweep_low_water_) {
    sweep_low_water_ = low_water();
    sweep_ticket_ = newest_ticket();
  }
  if (durable_ < sweep_ticket_) return;
  const uint64_t wall_ms = steady_wall_ms(now);
  sweeping_ = true;
  reads_.push_back(SweepRetention{*std::exchange(sweep_low_water_, std::nullopt),
                                  before(wall_ms, options_.result_retention_ms),
                                  before(wall_ms, options_.event_retention_ms), results_from_,
                                  before(wall_ms, retention_min_ms_), wall_ms});
}

Status Queue::swept(SweepAnswer answer, Now now) {
  PENSTOCK_TRY(answer.status);
  sweeping_ = false;
  sweep_at_ms_ = now.monotonic_ms + (answer.more ? 0 : limits::retention_sweep_ms);
  results_from_ = answer.results_next;
  for (auto& [id, remains] : answer.remains) batch_.results.push_back({id, std::move(remains)});
  for (const IdRange& range : answer.results) batch_.forget_results.push_back(range);
  for (const IdRange& range : answer.events) batch_.forget_events.push_back(range);
  return {};
}

}  // namespace penstock::queue
