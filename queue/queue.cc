#include "queue/queue.h"

#include <algorithm>

#include "queue/audit.h"
#include "queue/run_reader.h"

namespace penstock::queue {

static Id id_or_zero(const std::string& raw) { return raw.empty() ? Id() : Id::from_raw(raw); }

static uint64_t unended_of(const records::Position& p) {
  return p.accepted() - p.captured() - p.succeeded() - p.failed() - p.cancelled() - p.dead();
}

Status Queue::fits(const Recovered& recovered) {
  if (unended_of(recovered.position) > recovered.position.accepted())
    return Status::corrupt("the queue's counters contradict each other");
  if (recovered.live.size() > unended_of(recovered.position))
    return Status::corrupt("the store holds more live runs than its counters say");
  return {};
}

Queue::Queue(const ServiceOptions& options, const Recovered& recovered, Now now)
    : options_(options),
      backlog_(id_or_zero(recovered.position.low_water()),
               unended_of(recovered.position) - recovered.live.size()),
      workers_(options.lease_ms),
      tally_(recovered.position),
      fences_(recovered.position.fence()),
      backoff_(options.retry_first_ms, options.retry_ms_max, options.seed),
      results_(limits::result_cache_bytes_max),
      dedup_(recovered.keys),
      audit_count_(recovered.position.audit_count()),
      audit_hash_(recovered.position.audit_hash()),
      last_id_(id_or_zero(recovered.position.last_id())),
      ticked_ms_(now.monotonic_ms),
      started_(now),
      sweep_at_ms_(now.monotonic_ms + limits::retention_sweep_ms),
      retention_min_ms_(options.result_retention_ms) {
  batch_.ticket = 1;
  for (const LiveWrite& found : recovered.live) recover(found, now);
  // Where nobody had his lane yet, the oldest that is under way gets it, before any are read back.
  for (const LiveWrite& found : recovered.live)
    if (found.live->has_flow() && found.live->status() != records::WAITING)
      flow_.restore_head(*runs_.find(found.id));
}

void Queue::recover(const LiveWrite& found, Now now) {
  Run& run = runs_.add(found.id);
  run.stored = true;
  run.journal_known = false;
  run.attempts = found.live->attempts();
  run.started_at_ms = found.live->started_at_ms();
  run.wake_at_ms = found.live->wake_at_ms();
  run.last_error = found.live->last_error();
  run.stream_count = found.live->stream_count();
  run.stream_tasks = found.live->stream_tasks();
  run.reply_piece = found.live->reply_piece();
  run.stream_noted = run.stream_count > 0;
  if (found.live->has_flow()) recover_flow(run, found.live->flow());
  run.parked = found.live->listening();
  recover_ears(run, *found.live);
  const bool wakes = run.parked && run.listening && run.listening->has_news();
  // What was running lost its worker with the old process: at once again, no attempt used.
  if (found.live->status() == records::WAITING && !wakes) start_timer(run, now);
  else make_due(run);
}

Run& Queue::add_run(Id id, RunLabels labels, Ticket ticket) {
  Run& run = runs_.add(id);
  run.ticket = ticket;
  run.place = placed_++;
  run.labels = std::move(labels);
  unstored_.push_back(run);
  return run;
}

void Queue::accept(EventPtr event, RunLabels labels, bool memory_only, Now now) {
  const Ticket ticket = batch_.ticket;
  const Id id = last_id_ = event->id;
  tally_.accepted(event->captured, event->filtered);
  batch_.events.push_back(event);
  batch_.event_bytes += event->meta.size() + event->body.size();
  if (event->captured) return;
  if (labels.not_before_ms > now.wall_ms) {
    const uint64_t not_before_ms = labels.not_before_ms;
    wait(add_run(id, std::move(labels), ticket), not_before_ms, false, now);
    return;
  }
  const bool room = window_has_room(labels);
  if (room && backlog_.idle()) {
    make_ready(add_run(id, std::move(labels), memory_only ? 0 : ticket), std::move(event));
  } else if (room && labels.priority() > 0) {
    // Past the backlog; its live record tells whoever reads the backlog that it is not in there.
    Run& run = add_run(id, std::move(labels), ticket);
    store_live(run, records::QUEUED);
    make_ready(run, std::move(event));
  } else {
    backlog_.add(id, ticket);
  }
}

bool Queue::window_has_room(const RunLabels& labels) const {
  // Those with a priority have a window of their own: theirs must not be filled by a backlog.
  const bool urgent = labels.priority() > 0;
  const size_t events = urgent ? ready_.urgent() : ready_.size() - ready_.urgent();
  const size_t bytes_max = options_.window_bytes_max * (urgent ? 2 : 1);
  if (events >= options_.window_events_max || ready_bytes_ >= bytes_max) return false;
  return flow_.held() < limits::held_runs_max || !flow_.concerns(labels);
}

void Queue::acknowledge(Accepted accepted, bool memory_only) {
  accepted.position = tally_.accepted_count();
  act(memory_only ? 0 : batch_.ticket, std::move(accepted));
}

void Queue::define(std::vector<StoredDefinition> definitions, Cookie cookie) {
  for (StoredDefinition& definition : definitions)
    batch_.definitions.push_back(std::move(definition));
  act(batch_.ticket, Defined{cookie});
}

void Queue::audit(AuditEntry entry, Now now) {
  records::AuditRecord record;
  record.set_at_ms(now.wall_ms);
  record.set_who(std::move(entry.who));
  record.set_action(std::move(entry.action));
  record.set_subject(std::move(entry.subject));
  record.set_detail(std::move(entry.detail));
  record.set_previous_hash(audit_hash_);
  record.set_hash(audit_hash_ = audit_hash(record));
  batch_.audit.push_back({++audit_count_, std::move(record)});
}

Id Queue::low_water() const {
  Id low = after(last_id_);
  if (!unstored_.empty()) low = std::min(low, unstored_.front()->id);
  if (!backlog_.idle()) low = std::min(low, backlog_.cursor());
  return low;
}

// A run that stays leased for long must not make recovery read all that came after it.
void Queue::move_low_water() {
  while (!unstored_.empty() &&
         placed_ - unstored_.front()->place > ready_.size() + limits::held_back_events_max) {
    Run& run = *unstored_.front();  // running; or held, or passed by others of higher priority
    store_live(run, run.state == RunState::kRunning ? records::RUNNING : records::QUEUED);
  }
}

std::optional<Batch> Queue::close_batch() {
  if (batch_.empty()) return std::nullopt;
  move_low_water();
  tally_.write(batch_.position);
  batch_.position.set_low_water(std::string(low_water().raw()));
  batch_.position.set_last_id(std::string(last_id_.raw()));
  batch_.position.set_fence(fences_.mark());
  batch_.position.set_audit_count(audit_count_);
  batch_.position.set_audit_hash(audit_hash_);
  Batch next;
  next.ticket = batch_.ticket + 1;
  return std::exchange(batch_, std::move(next));
}

void Queue::durable(Ticket ticket) {
  durable_ = ticket;
  dedup_.durable(ticket);
  for (; !ending_.empty() && ending_.front().ticket <= ticket; ending_.pop_front()) {
    results_.add(ending_.front().id, std::move(ending_.front().result));
    runs_.erase(ending_.front().id);
  }
}

static records::RunStatus status_of(const Run& run) {
  switch (run.state) {
    case RunState::kRunning: return records::RUNNING;
    case RunState::kWaiting: return records::WAITING;
    // Until the end is durable the run is what it was, for all that anyone may know.
    case RunState::kEnding: return run.fence ? records::RUNNING : records::QUEUED;
    default: return records::QUEUED;
  }
}

std::optional<LiveView> Queue::live(Id id) const {
  const Run* found = runs_.find(id);
  if (!found) return std::nullopt;
  const Run& run = *found;
  LiveView view;
  view.status = status_of(run);
  view.attempts = run.attempts + (view.status == records::RUNNING ? 1 : 0);
  view.started_at_ms = run.started_at_ms;
  view.wake_at_ms = run.state == RunState::kWaiting ? run.wake_at_ms : 0;
  if (run.state == RunState::kReady && run.place > ready_.front()->place)
    view.queue_position = run.place - ready_.front()->place;
  if (run.state == RunState::kHeld) {
    view.waits_for = flow_.reason(run, ticked_ms_);
    view.queue_position = flow_.ahead(run);
  }
  view.reply_piece = run.reply_piece;
  view.last_error = run.last_error;
  view.trigger = run.labels.trigger;
  if (run.listening) {
    for (const records::Subscription& one : run.listening->subscriptions)
      view.listens.insert(view.listens.end(), one.filters().any().begin(),
                          one.filters().any().end());
  }
  return view;
}

EventPtr Queue::event(Id id) const {
  const Run* run = runs_.find(id);
  return run ? run->event : nullptr;
}

std::vector<Id> Queue::running() const {
  std::vector<Id> ids;
  ids.reserve(workers_.slots_used());
  for (const auto& worker : workers_.all())
    for (const Run* run = worker->runs.front(); run; run = worker->runs.after(*run))
      ids.push_back(run->id);
  std::sort(ids.begin(), ids.end(), std::greater<>());
  return ids;
}

Id Queue::oldest_queued() const {
  if (const Run* due = due_.front()) return due->id;
  if (const Run* ready = ready_.front()) return ready->id;
  return backlog_.count() > 0 ? backlog_.cursor() : Id();
}

}  // namespace penstock::queue
