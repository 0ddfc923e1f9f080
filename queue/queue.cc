#include "queue/queue.h"

#include <algorithm>

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
      runs_(std::max<size_t>(recovered.live.size() * 2, 1 << 15)),
      backlog_(id_or_zero(recovered.position.low_water()),
               unended_of(recovered.position) - recovered.live.size()),
      workers_(options.lease_ms),
      tally_(recovered.position),
      fences_(recovered.position.fence()),
      backoff_(options.retry_first_ms, options.retry_ms_max, options.seed),
      results_(limits::result_cache_bytes_max),
      last_id_(id_or_zero(recovered.position.last_id())),
      ticked_ms_(now.monotonic_ms),
      started_(now),
      sweep_at_ms_(now.monotonic_ms + limits::retention_sweep_ms),
      retention_min_ms_(options.result_retention_ms) {
  batch_.ticket = 1;
  for (const LiveWrite& found : recovered.live) recover(found, now);
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
  // What was running lost its worker with the old process: at once again, no attempt used.
  if (found.live->status() == records::WAITING) start_timer(run, now);
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

void Queue::accept(EventPtr event, RunLabels labels, bool memory_only, Cookie cookie, Now now) {
  const Ticket ticket = batch_.ticket;
  const Id id = last_id_ = event->id;
  act(memory_only ? 0 : ticket, Accepted{cookie, id});
  batch_.events.push_back(event);
  batch_.event_bytes += event->meta.size() + event->body.size();
  tally_.accepted(event->captured, event->filtered);
  if (event->captured) return;
  if (labels.not_before_ms > now.wall_ms) {
    const uint64_t not_before_ms = labels.not_before_ms;
    wait(add_run(id, std::move(labels), ticket), not_before_ms, now);
    return;
  }
  const bool room = ready_.size() < options_.window_events_max &&
                    ready_bytes_ < options_.window_bytes_max;
  if (!backlog_.idle() || !room) backlog_.add(id, ticket);
  else make_ready(add_run(id, std::move(labels), memory_only ? 0 : ticket), std::move(event));
}

void Queue::define(std::vector<StoredDefinition> definitions, Cookie cookie) {
  for (StoredDefinition& definition : definitions)
    batch_.definitions.push_back(std::move(definition));
  act(batch_.ticket, Defined{cookie});
}

Id Queue::low_water() const {
  Id low = after(last_id_);
  if (!unstored_.empty()) low = std::min(low, unstored_.front()->id);
  if (!backlog_.idle()) low = std::min(low, backlog_.cursor());
  return low;
}

// A run that stays leased for long must not make recovery read all that came after it.
void Queue::move_low_water() {
  while (!unstored_.empty() && unstored_.front()->state == RunState::kRunning &&
         placed_ - unstored_.front()->place > ready_.size() + limits::held_back_events_max)
    store_live(*unstored_.front(), records::RUNNING);
}

std::optional<Batch> Queue::close_batch() {
  if (batch_.empty()) return std::nullopt;
  move_low_water();
  tally_.write(batch_.position);
  batch_.position.set_low_water(std::string(low_water().raw()));
  batch_.position.set_last_id(std::string(last_id_.raw()));
  batch_.position.set_fence(fences_.mark());
  Batch next;
  next.ticket = batch_.ticket + 1;
  return std::exchange(batch_, std::move(next));
}

void Queue::durable(Ticket ticket) {
  durable_ = ticket;
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
  if (run.state == RunState::kReady) view.queue_position = run.place - ready_.front()->place;
  view.reply_piece = run.reply_piece;
  view.last_error = run.last_error;
  view.trigger = run.labels.trigger;
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
