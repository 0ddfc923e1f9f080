// What workers and callers say of runs.
#include <algorithm>

#include "queue/queue.h"

namespace penstock::queue {

static bool may_end_as(records::RunStatus status) {
  return status == records::SUCCEEDED || status == records::FAILED || status == records::CANCELLED;
}

static records::Outcome failed(std::string title, std::string detail) {
  records::Outcome outcome;
  outcome.set_status(records::FAILED);
  outcome.mutable_error()->set_type(
      "https://open-workflow-specification.org/spec/1.0.0/errors/runtime");
  outcome.mutable_error()->set_status(500);
  outcome.mutable_error()->set_title(std::move(title));
  outcome.mutable_error()->set_detail(std::move(detail));
  return outcome;
}

static records::Outcome cancelled() {
  records::Outcome outcome;
  outcome.set_status(records::CANCELLED);
  return outcome;
}

Run* Queue::leased(Id id, uint64_t fence) {
  Run* run = runs_.find(id);
  if (run && run->state == RunState::kRunning && run->fence == fence) return run;
  counts_.stale_results++;
  return nullptr;
}

void Queue::worker_joined(WorkerId worker, uint32_t slots, Now now) {
  workers_.join(worker, slots, now.monotonic_ms);
}

void Queue::worker_alive(WorkerId worker, Now now) { workers_.alive(worker, now.monotonic_ms); }

void Queue::worker_draining(WorkerId worker) { workers_.drain(worker); }

void Queue::worker_gone(WorkerId id, Now now) {
  Worker* worker = workers_.find(id);
  if (!worker) return;
  fail_all(*worker, "the executor went away", false, now);
  workers_.forget(id);
}

void Queue::fail_all(Worker& worker, const std::string& reason, bool tell, Now now) {
  while (Run* run = worker.runs.front()) {
    if (tell) act(run->ticket, CancelRun{worker.id, run->id, run->fence});
    counts_.leases_lost++;
    fail_attempt(*run, reason, now);
  }
}

void Queue::finished(Id id, uint64_t fence, records::Outcome outcome, Now now) {
  Run* run = leased(id, fence);
  if (!run) return;
  if (!may_end_as(outcome.status()))
    outcome = failed("The executor broke the protocol", "it ended the run with no known status");
  if (outcome.ByteSizeLong() > limits::result_bytes_max)
    outcome = failed("The result is too large",
                     "it may have " + std::to_string(limits::result_bytes_max) + " bytes");
  end(*run, std::move(outcome), now);
}

void Queue::journal(Id id, uint64_t fence, uint32_t sequence, std::string record, uint32_t heard,
                    Now now) {
  Run* run = leased(id, fence);
  if (!run) return;
  if (sequence < run->journal_count) {  // said again: it is kept already
    act(run->ticket, JournalStored{run->worker, id, fence, sequence});
    return;
  }
  if (sequence > run->journal_count) {
    act(run->ticket, CancelRun{run->worker, id, fence});
    fail_attempt(*run, "the executor left a gap in the journal", now);
    return;
  }
  if (run->journal_count >= limits::journal_entries_max ||
      run->journal_bytes + record.size() > limits::journal_bytes_max) {
    act(batch_.ticket, CancelRun{run->worker, id, fence});
    end(*run, failed("The journal is too long", "the run made more entries than may be kept"), now);
    return;
  }
  run->journal_count++;
  run->journal_bytes += record.size();
  run->ticket = batch_.ticket;
  batch_.journal.push_back({id, sequence, std::move(record)});
  if (!run->stored) store_live(*run, records::RUNNING);
  take_heard(*run, heard);
  act(batch_.ticket, JournalStored{run->worker, id, fence, sequence});
}

bool Queue::stream_full(const Run& run, const records::StreamPiece& piece) const {
  return piece.data().size() > limits::stream_piece_bytes_max ||
         run.stream_count >= limits::stream_pieces_max ||
         run.stream_bytes + piece.data().size() > limits::stream_bytes_max;
}

// The first piece writes a LiveRecord that says so: recovery looks for streams nowhere else.
void Queue::store_piece(Run& run, records::StreamPiece piece) {
  const uint32_t sequence = run.stream_count++;
  run.stream_bytes += piece.data().size();
  if (piece.type() == "task") run.stream_tasks++;
  run.ticket = batch_.ticket;
  const auto stored = std::make_shared<const records::StreamPiece>(std::move(piece));
  batch_.pieces.push_back({run.id, sequence, stored});
  if (!run.stored || !run.stream_noted) store_live(run, records::RUNNING);
  act(batch_.ticket, PieceStored{run.id, sequence, stored});
}

void Queue::piece(Id id, uint64_t fence, records::StreamPiece piece, Now now) {
  Run* run = leased(id, fence);
  if (!run) return;
  if (stream_full(*run, piece)) {
    act(batch_.ticket, CancelRun{run->worker, id, fence});
    end(*run, failed("The stream is too long", "the run made more text than may be kept"), now);
    return;
  }
  piece.set_at_ms(now.wall_ms);
  store_piece(*run, std::move(piece));
}

void Queue::early_reply(Id id, uint64_t fence, const records::Outcome& outcome, Now now) {
  Run* run = leased(id, fence);
  if (!run || run->reply_piece) return;  // an earlier attempt has replied
  records::StreamPiece piece;
  piece.set_type("reply");
  piece.set_at_ms(now.wall_ms);
  outcome.SerializeToString(piece.mutable_data());
  if (run->stream_bytes + piece.data().size() > limits::stream_bytes_max) {
    act(batch_.ticket, CancelRun{run->worker, id, fence});
    end(*run, failed("The reply is too large",
                     "it may have " + std::to_string(limits::stream_bytes_max) + " bytes, its text included"),
        now);
    return;
  }
  run->reply_piece = run->stream_count + 1;
  run->stream_noted = false;  // the place of the reply must be known after a crash
  store_piece(*run, std::move(piece));
}

void Queue::park(Id id, uint64_t fence, uint64_t wake_at_ms, uint32_t heard, Now now) {
  Run* run = leased(id, fence);
  if (!run) return;
  take_heard(*run, heard);
  const bool listens = run->listening && !run->listening->subscriptions.empty();
  if (wake_at_ms == 0 && !listens) {
    fail_attempt(*run, "the executor let go of a run that waits for nothing", now);
    return;
  }
  leave(*run, now);
  if (!listens || !run->listening->has_news()) return wait(*run, wake_at_ms, true, now);
  pause_flow(*run, now);
  make_due(*run);  // one came on the way
}

void Queue::cancel(Id id, Cookie cookie, Now now) {
  Run* run = runs_.find(id);
  if (!run) {
    if (spilled(id)) lookups_.push_back({newest_ticket(), {id, cookie}});
    else act(0, CancelAnswered{cookie, id, false});
    return;
  }
  if (run->state != RunState::kEnding) {
    if (run->state == RunState::kRunning)
      act(batch_.ticket, CancelRun{run->worker, id, run->fence});
    end(*run, cancelled(), now);
  }
  act(run->ticket, CancelAnswered{cookie, id, true});
}

void Queue::end_spilled(const LookUp& job, const RunRead& read, Now now) {
  records::EventMeta meta;
  const bool readable = meta.ParseFromString(read.event->meta);
  records::ResultRecord record;
  *record.mutable_outcome() = cancelled();
  record.set_finished_at_ms(now.wall_ms);
  if (readable) {
    if (!meta.lane().empty()) flow_.lane_freed(batch_.ticket);
    record.set_trigger(meta.trigger());
    record.set_tag(meta.tag());
  }
  backlog_.remove(job.id, batch_.ticket, durable_);
  store_result(job.id, std::move(record));
}

Status Queue::looked_up(const LookUp& job, const RunAnswer& answer, Now now) {
  PENSTOCK_TRY(answer.status);
  if (runs_.find(job.id)) {  // read back meanwhile
    cancel(job.id, job.cookie, now);
    return {};
  }
  const RunRead& read = answer.read;
  const bool ending = backlog_.removed(job.id);
  const bool queued = spilled(job.id) && !ending && read.event && !read.event->captured &&
                      !read.result && !read.live;
  if (queued) end_spilled(job, read, now);
  act(queued || ending ? batch_.ticket : 0, CancelAnswered{job.cookie, job.id, queued || ending});
  return {};
}

}  // namespace penstock::queue
