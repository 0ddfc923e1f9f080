// How a run moves between its states, and what is written when it does.
#include <algorithm>
#include <cassert>

#include "queue/queue.h"

namespace penstock::queue {

static constexpr size_t kLastErrorBytesMax = 1024;  // it is rewritten with every retry

static size_t bytes_of(const Event& event) { return event.meta.size() + event.body.size(); }

void Queue::leave(Run& run, Now now) {
  switch (run.state) {
    case RunState::kReady:
      ready_.remove(run);
      ready_bytes_ -= bytes_of(*run.event);
      break;
    case RunState::kRunning:
      workers_.release(run);
      tally_.running(-1);
      if (run.flow) {
        flow_.left(run, now.monotonic_ms);
        line_up_called();
      }
      break;
    case RunState::kHeld:
      flow_.unhold(run);
      if (run.event) {
        held_bodies_--;
        held_bytes_ -= bytes_of(*run.event);
      }
      break;
    case RunState::kWaiting:
      timers_.erase({run.due_ms, run.id});
      run.parked = false;
      tally_.waiting(-1);
      break;
    case RunState::kDue: due_.remove(run); break;
    case RunState::kLoading: loading_--; break;
    case RunState::kLoaded:
      loaded_.remove(run);
      loaded_bytes_ -= bytes_of(*run.event) + run.journal_bytes + run.stream_bytes;
      break;
    case RunState::kEnding: assert(false); break;
  }
}

void Queue::make_ready(Run& run, EventPtr event) {
  run.state = RunState::kReady;
  run.event = std::move(event);
  flow_.attach(run);
  ready_bytes_ += bytes_of(*run.event);
  ready_.push_back(run);
}

void Queue::make_due(Run& run) {
  run.state = RunState::kDue;
  due_.push_back(run);
}

void Queue::start_timer(Run& run, Now now) {
  const uint64_t ahead = run.wake_at_ms > now.wall_ms ? run.wake_at_ms - now.wall_ms : 0;
  run.state = RunState::kWaiting;
  tally_.waiting(+1);
  if (run.parked && run.wake_at_ms == 0) return;  // only an event wakes it
  run.due_ms = now.monotonic_ms + std::min(ahead, limits::timer_ms_max);
  timers_.emplace(run.due_ms, run.id);
}

void Queue::wait(Run& run, uint64_t wake_at_ms, bool parked, Now now) {
  run.wake_at_ms = wake_at_ms;
  run.parked = parked;
  pause_flow(run, now);
  start_timer(run, now);
  store_live(run, records::WAITING);
  act(batch_.ticket, Waits{run.id, wake_at_ms});
}

void Queue::lease(Run& run, Worker& worker, Now now) {
  if (fences_.reserve(batch_.ticket)) batch_.fences_reserved = true;
  const Fences::Fence fence = fences_.next();
  run.state = RunState::kRunning;
  run.fence = fence.token;
  run.wake_at_ms = 0;
  if (run.started_at_ms == 0) run.started_at_ms = now.wall_ms;
  workers_.lease(worker, run);
  if (run.flow) {
    flow_.begun(run, now.monotonic_ms);
    line_up_called();
  }
  tally_.running(+1);
  run.ticket = std::max(run.ticket, fence.ticket);  // what is said of it later must stay later
  // The one ahead in its lane has ended in memory; it must have on disk, or a crash would bring it
  // back behind this one.
  if (run.flow) run.ticket = std::max(run.ticket, newest_ticket());
  act(run.ticket,
      Dispatch{worker.id, std::move(run.event), run.fence, run.attempts + 1,
               std::exchange(run.journal, {}), std::exchange(run.pieces, {}),
               std::exchange(run.inbox, {}), run.listening ? run.listening->inbox_done : 0});
}

void Queue::store_result(Id id, records::ResultRecord record) {
  const Ticket ticket = batch_.ticket;
  tally_.ended(record.outcome().status());
  counts_.ended++;
  auto result = std::make_shared<const records::ResultRecord>(std::move(record));
  batch_.results.push_back({id, result});
  ending_.push_back({ticket, id, result});
  act(ticket, Ended{id, std::move(result)});
}

void Queue::end(Run& run, records::Outcome outcome, Now now) {
  records::ResultRecord record;
  record.set_attempts(run.attempts + (run.state == RunState::kRunning ? 1 : 0));
  leave(run, now);
  run.state = RunState::kEnding;
  if (run.flow) {
    flow_.ended(run, outcome.status(), batch_.ticket, now.monotonic_ms);
    line_up_called();
  }
  run.event = nullptr;
  run.journal.clear();
  run.pieces.clear();
  run.inbox.clear();
  stop_listening(run);
  run.ticket = batch_.ticket;
  if (run.stored) batch_.live.push_back({run.id, nullptr});
  else unstored_.remove(run);
  *record.mutable_outcome() = std::move(outcome);
  record.set_started_at_ms(run.started_at_ms);
  record.set_finished_at_ms(now.wall_ms);
  record.set_fence(run.fence);
  record.set_stream_count(run.stream_count);
  record.set_stream_tasks(run.stream_tasks);
  record.set_reply_piece(run.reply_piece);
  if (const uint64_t keep_ms = run.labels.result_retention_ms) {
    record.set_expires_at_ms(now.wall_ms + keep_ms);
    retention_min_ms_ = std::min(retention_min_ms_, keep_ms);
  }
  record.set_trigger(std::move(run.labels.trigger));
  record.set_tag(std::move(run.labels.tag));
  store_result(run.id, std::move(record));
}

void Queue::store_live(Run& run, records::RunStatus status) {
  auto live = std::make_shared<records::LiveRecord>();
  live->set_status(status);
  live->set_attempts(run.attempts);
  live->set_fence(run.fence);
  live->set_started_at_ms(run.started_at_ms);
  live->set_wake_at_ms(run.wake_at_ms);
  live->set_journal_count(run.journal_count);
  live->set_last_error(run.last_error);
  if (run.flow || run.labels.flow) note_flow(run, *live->mutable_flow());
  live->set_stream_count(run.stream_count);
  live->set_stream_tasks(run.stream_tasks);
  live->set_reply_piece(run.reply_piece);
  live->set_listening(run.parked && status == records::WAITING);
  if (run.listening) {
    live->set_inbox_count(run.listening->inbox_count);
    live->set_inbox_done(run.listening->inbox_done);
    live->mutable_subscriptions()->Add(run.listening->subscriptions.begin(),
                                       run.listening->subscriptions.end());
  }
  run.stream_noted = run.stream_count > 0;
  batch_.live.push_back({run.id, std::move(live)});
  if (!run.stored) unstored_.remove(run);
  run.stored = true;
  run.ticket = batch_.ticket;
}

static records::Outcome dead_outcome(const Run& run) {
  records::Outcome outcome;
  outcome.set_status(records::DEAD);
  outcome.mutable_error()->set_type(
      "https://open-workflow-specification.org/spec/1.0.0/errors/runtime");
  outcome.mutable_error()->set_status(500);
  outcome.mutable_error()->set_title("The run was given up");
  outcome.mutable_error()->set_detail(std::to_string(run.attempts) +
                                      " attempts failed; the last: " + run.last_error);
  return outcome;
}

void Queue::fail_attempt(Run& run, std::string reason, Now now) {
  const uint32_t attempts_max =
      run.labels.attempts_max ? run.labels.attempts_max : options_.attempts_max;
  reason.resize(std::min(reason.size(), kLastErrorBytesMax));
  run.last_error = std::move(reason);
  if (run.attempts + 1 >= attempts_max) {
    Run counted;  // end() counts the attempt under way; the sentence must too
    counted.attempts = run.attempts + 1;
    counted.last_error = run.last_error;
    end(run, dead_outcome(counted), now);
    return;
  }
  leave(run, now);
  run.attempts++;
  counts_.retries++;
  wait(run, now.wall_ms + backoff_.delay_ms(run.attempts), false, now);
}

}  // namespace penstock::queue
