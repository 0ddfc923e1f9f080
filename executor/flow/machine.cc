#include "executor/flow/machine.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::flow {

Machine::Machine(ProgramPtr program, RunInfo info) : info_(std::move(info)) {
  own_.program = std::move(program);
  own_.input = info_.input;
}

Effects Machine::start(uint64_t now_ms, std::span<const std::string> journal) {
  now_ms_ = now_ms;
  Strand& root = spawn(kNoStrand, 0);
  for (const std::string& text : journal) {
    Result<JournalRecord> record = read_record(text);
    const bool first = next_sequence_ == 0;
    if (!record || record->start_ms.has_value() != first) {
      const std::string why =
          record ? "a journal record is out of order" : record.status().message();
      finish({false, {}, Error::of(ErrorKind::kRuntime, why)});
      return flush();
    }
    next_sequence_++;
    if (first) {
      now_ms_ = *record->start_ms;
    } else {
      arrivals_.push_back({record->ordinal, record->at_ms, std::move(record->result), true});
    }
  }
  saved_ = next_sequence_;
  own_.started_ms = now_ms_;
  push(root, own_.program->root, own_, info_.input, 0);
  enqueue(root);
  process();
  return flush();
}

Effects Machine::complete(Ordinal ordinal, TaskResult result, uint64_t now_ms) {
  if (finished_) return {};
  if (paused_ && paused_->ordinal == ordinal) {
    paused_->result = std::move(result);
    arrivals_.push_front(std::move(*paused_));
    paused_.reset();
  } else {
    arrivals_.push_back({ordinal, now_ms, std::move(result), false});
  }
  if (queue_.empty()) process();  // else after the Yield, so that a replay sees the same order
  return flush();
}

Effects Machine::stored(uint32_t sequence) {
  saved_ = std::max(saved_, sequence + 1);
  return flush();
}

Effects Machine::resume() {
  process();
  return flush();
}

void Machine::process() {
  turn_steps_ = 0;
  while (!finished_) {
    while (!finished_ && !queue_.empty()) {
      Strand& strand = strands_[queue_.front()];
      if (!run(strand)) {
        out_.push_back(Yield());
        return;
      }
      strand.queued = false;
      queue_.pop_front();
    }
    free_strands_.insert(free_strands_.end(), dead_strands_.begin(), dead_strands_.end());
    dead_strands_.clear();
    if (finished_ || !take_arrival()) break;
  }
  // A long wait that begins before anything was journalled must not begin again after a crash.
  const std::optional<uint64_t> due = finished_ ? std::nullopt : next_due();
  const bool long_wait = due && *due > now_ms_ + limits::park_ms_min;
  if (next_sequence_ == 0 && !finished_ && (long_wait || listeners_ > 0)) append_start();
}

// False: its turn is over, it has more to do.
bool Machine::run(Strand& strand) {
  while (!finished_ && strand.live && strand.frames.back().stage != Stage::kWait) {
    if (turn_steps_ >= limits::flow_turn_steps) return false;
    turn_steps_++;
    if (++steps_ > limits::flow_steps_max) {
      finish(
          {false,
           {},
           Error::of(ErrorKind::kRuntime, "the run took more than " +
                                              std::to_string(limits::flow_steps_max) + " steps")});
      return true;
    }
    step(strand);
  }
  return true;
}

void Machine::step(Strand& strand) {
  switch (strand.frames.back().stage) {
    case Stage::kEnter:
      enter(strand);
      break;
    case Stage::kList:
      next_task(strand);
      break;
    case Stage::kDone:
      complete_task(strand);
      break;
    case Stage::kBody:
    case Stage::kWait:
      break;
  }
}

bool Machine::take_arrival() {
  if (arrivals_.empty() || paused_) return false;
  Arrival arrival = std::move(arrivals_.front());
  arrivals_.pop_front();
  apply(std::move(arrival));
  return true;
}

void Machine::apply(Arrival arrival) {
  auto found = pending_.find(arrival.ordinal);
  if (found == pending_.end()) {
    if (arrival.replayed) {
      finish({false, {}, Error::of(ErrorKind::kRuntime, "the journal does not fit the workflow")});
    }
    return;  // the answer to something that was cancelled meanwhile
  }
  const auto* load = std::get_if<Loaded>(&arrival.result);
  if (arrival.replayed && load && !load->program) {  // find the very version again
    if (const auto* wanted = std::get_if<LoadWorkflow>(&found->second.effect)) {
      out_.push_back(LoadWorkflow{arrival.ordinal, wanted->name, load->version});
    } else {
      out_.push_back(std::move(found->second.effect));  // a catalog's function: get it again
    }
    paused_ = std::move(arrival);
    return;
  }
  now_ms_ = std::max(now_ms_, arrival.at_ms);
  Strand& strand = strands_[found->second.strand];
  const bool is_event = std::holds_alternative<Heard>(arrival.result);
  if (is_event) {
    const auto& heard = std::get<Heard>(arrival.result);
    if (heard.sequence && *heard.sequence < found->second.heard_to) return;  // an earlier life did
    if (!arrival.replayed && !wanted(strand, found->second.frame, heard.event)) return;
    if (heard.sequence) found->second.heard_to = *heard.sequence + 1;
  }
  if (!arrival.replayed) {
    std::string record = result_record(arrival.ordinal, now_ms_, arrival.result);
    if (record.size() > limits::journal_record_bytes_max) {
      return finish(
          {false, {}, Error::of(ErrorKind::kRuntime, "a task's result is too large to keep")});
    }
    append(std::move(record));
  }
  const Pending pending =
      is_event ? Pending{{}, found->second.strand, found->second.frame, Purpose::kTask}
               : std::move(found->second);
  if (!is_event) forget(found);
  answer(strand, pending, std::move(arrival.result));
}

void Machine::answer(Strand& strand, const Pending& pending, TaskResult result) {
  enqueue(strand);
  if (auto* event = std::get_if<Heard>(&result)) return heard(strand, pending.frame, event->event);
  if (pending.purpose == Purpose::kDelay) return retry_now(strand);
  if (pending.purpose != Purpose::kTask) return timed_out(strand, pending.frame, pending.purpose);
  Frame& frame = strand.frames.back();
  frame.waits_for = 0;
  if (auto* value = std::get_if<json::Value>(&result)) {
    if (const auto* call = std::get_if<CallBody>(&frame.node->body)) usage_.add(*call, *value);
    const bool emitted = frame.node->kind() == TaskKind::kEmit;  // its output is the event
    done(strand, emitted ? std::move(frame.value) : std::move(*value));
  } else if (auto* error = std::get_if<Error>(&result)) {
    fail(strand, std::move(*error));
  } else if (auto* program = std::get_if<Loaded>(&result)) {
    loaded(strand, std::move(*program));
  } else {
    done(strand, frame.input);  // a wait is over
  }
}

Strand& Machine::spawn(uint32_t parent, uint32_t branch) {
  uint32_t id = static_cast<uint32_t>(strands_.size());
  if (free_strands_.empty()) {
    strands_.emplace_back();
  } else {
    id = free_strands_.back();
    free_strands_.pop_back();
    strands_[id] = Strand();
  }
  Strand& strand = strands_[id];
  strand.id = id;
  strand.parent = parent;
  strand.branch = branch;
  strand.frames.reserve(4);
  return strand;
}

void Machine::enqueue(Strand& strand) {
  if (strand.queued || !strand.live) return;
  strand.queued = true;
  queue_.push_back(strand.id);
}

// Ends a strand and those below it without a word to its parent.
void Machine::kill(uint32_t id) {
  std::vector<uint32_t> doomed = {id};
  while (!doomed.empty()) {
    Strand& strand = strands_[doomed.back()];
    doomed.pop_back();
    if (!strand.live) continue;
    while (!strand.frames.empty()) {
      if (auto* fork = std::get_if<std::unique_ptr<ForkState>>(&strand.frames.back().state)) {
        for (const uint32_t child : (*fork)->strands) {
          if (child != kNoStrand) doomed.push_back(child);
        }
        (*fork)->strands.clear();
      }
      pop(strand, TaskStatus::kCancelled);
    }
    bury(strand);
  }
}

void Machine::bury(Strand& strand) {
  strand.live = false;
  strand.locals.clear();
  dead_strands_.push_back(strand.id);
}

void Machine::strand_done(Strand& strand, json::Value output) {
  bury(strand);
  if (strand.parent != kNoStrand) return branch_done(strand, std::move(output));
  if (strand.id == 0) {
    ending_ = Finish{true, std::move(output), {}, std::move(reply_)};
  } else {
    detached_--;
  }
  if (ending_ && detached_ == 0) finish(std::move(*ending_));
}

void Machine::strand_failed(Strand& strand, Error error) {
  bury(strand);
  if (strand.parent != kNoStrand) return branch_failed(strand, std::move(error));
  if (strand.id == 0) return finish({false, {}, std::move(error)});
  detached_--;  // nobody awaits it, nobody hears of its error
  if (ending_ && detached_ == 0) finish(std::move(*ending_));
}

void Machine::finish(Finish finish) {
  for (const auto& [ordinal, pending] : pending_) {
    if (pending.sent) out_.push_back(Cancel{ordinal});
  }
  pending_.clear();
  records_.clear();  // the outcome says it all
  finished_ = true;
  out_.push_back(std::move(finish));
}

}  // namespace penstock::flow
