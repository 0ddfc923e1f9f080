#include "bench/load/lane.h"

#include <uv.h>

#include "bench/load/batch_answer.h"

namespace penstock::bench {

void Lane::open() {
  state_ = State::kOpening;
  last_run_ = Id();
  parser_.next();
  connection_.open();
}

void Lane::on_open() {
  state_ = State::kIdle;
  context_.owner.on_lane_idle(*this);
}

void Lane::start(const Task& task) {
  task_ = task;
  run_ = Id();
  sent_ns_ = uv_hrtime();
  if (task_.planned_ns == 0) task_.planned_ns = sent_ns_;
  asked_ = Asked::kPost;
  state_ = State::kAwaiting;
  const std::string_view bytes = context_.builder.post(task.first, task.count);
  if (context_.recorder.counts(task_.planned_ns)) {
    context_.recorder.counts_of.sent++;
    context_.recorder.counts_of.bytes_out += bytes.size();
  }
  connection_.send(bytes);
}

void Lane::ask(Asked what) {
  asked_ = what;
  state_ = State::kAwaiting;
  stream_ = EventStream();
  std::string path = "/v1/runs/" + run_.text();
  if (what == Asked::kEvents)
    path += "/events";
  else if (context_.options.target == Target::kPoll)
    path += "/result";
  else
    path += "/result?wait=" + std::to_string(context_.options.wait_s);
  connection_.send(context_.builder.get(path, what == Asked::kEvents));
}

void Lane::close() {
  if (busy() && asked_ == Asked::kPost) context_.recorder.fate_unknown += task_.count;
  connection_.close();
  state_ = State::kClosed;
}

void Lane::resume() {
  if (state_ == State::kPausing) ask(Asked::kResult);
}

void Lane::on_bytes(std::string_view bytes) {
  const uint64_t now_ns = uv_hrtime();
  if (context_.recorder.counts(task_.planned_ns))
    context_.recorder.counts_of.bytes_in += bytes.size();
  while (!bytes.empty() && state_ != State::kClosed) {
    if (state_ != State::kAwaiting)
      return down(Status::corrupt("bytes came that nobody asked for"));
    bytes.remove_prefix(parser_.feed(bytes));
    if (parser_.broken()) return down(Status::corrupt("the answer is no HTTP/1.1"));
    if (asked_ == Asked::kEvents && parser_.head_read()) read_stream(now_ns);
    if (parser_.done()) on_answer(now_ns);
  }
}

void Lane::read_stream(uint64_t now_ns) {
  const bool before = stream_.began();
  stream_.feed(parser_.body());
  parser_.body().clear();
  if (!before && stream_.began() && context_.recorder.counts(task_.planned_ns))
    context_.recorder.on_first_piece(task_.planned_ns, now_ns);
}

void Lane::on_answer(uint64_t now_ns) {
  const ResponseHead& head = parser_.head();
  const bool success = head.status >= 200 && head.status < 300;
  if (asked_ == Asked::kPost) {
    if (context_.recorder.counts(task_.planned_ns)) context_.recorder.on_status(head.status);
    if (success) on_acked(now_ns);
  }
  const Answer answer{asked_, head.status, !run_.is_zero(), stream_.end()};
  const Next next = next_step(context_.options.target, answer);
  const bool close = head.close;
  if (next == Next::kDone && context_.options.echo && !echoes()) {
    if (context_.recorder.counts(task_.planned_ns)) context_.recorder.counts_of.mismatched++;
  }
  parser_.next();
  if (close && (next == Next::kAskResult || next == Next::kReadEvents || next == Next::kAskLater))
    return down(Status::io("the server closed the connection"));
  if (!close) return act(next, now_ns);
  connection_.close();
  state_ = State::kClosed;
  finish(next, now_ns);
  context_.owner.on_lane_down(*this, Status(), nullptr);
}

void Lane::on_acked(uint64_t now_ns) {
  const ResponseHead& head = parser_.head();
  run_ = head.run;
  if (task_.count > 1)
    note_batch();
  else {
    if (run_.is_zero()) run_ = first_run_in(parser_.body());
    note_run(task_.first, run_);
    // A copy is answered with its first one's older id: that is no disorder.
    if (!head.duplicate && !run_.is_zero()) {
      if (run_ < last_run_) context_.recorder.counts_of.out_of_order++;
      last_run_ = run_;
    }
  }
  if (!context_.recorder.counts(task_.planned_ns)) return;
  context_.recorder.counts_of.acked += task_.count;
  const Target target = context_.options.target;
  if (target == Target::kWait && head.status == 202) context_.recorder.counts_of.late++;
  if (target != Target::kAck && target != Target::kWait)
    context_.recorder.on_ack(task_.planned_ns, now_ns);
}

void Lane::note_run(uint64_t seq, const Id& run) {
  if (run.is_zero()) return;
  context_.ledger.put(seq, run);
  if (context_.record) context_.record->put(seq, run);
}

void Lane::note_batch() {
  size_t at = 0;
  BatchAnswer answer(parser_.body());
  for (std::optional<Id> run = answer.next(); run && at < task_.count; run = answer.next())
    note_run(task_.first + at++, *run);
}

bool Lane::echoes() const {
  std::string sent;
  context_.builder.payload(task_.first, sent);
  return const_cast<ResponseParser&>(parser_).body() == sent;
}

void Lane::act(Next next, uint64_t now_ns) {
  switch (next) {
    case Next::kAskResult:
      return ask(Asked::kResult);
    case Next::kReadEvents:
      return ask(Asked::kEvents);
    case Next::kAskLater:
      state_ = State::kPausing;
      return context_.owner.on_lane_pause(*this);
    case Next::kDone:
    case Next::kRunFailed:
    case Next::kRefused:
    case Next::kCannotFollow:
      break;
  }
  state_ = State::kIdle;
  finish(next, now_ns);
  context_.owner.on_lane_idle(*this);
}

void Lane::finish(Next next, uint64_t now_ns) {
  Recorder& recorder = context_.recorder;
  if (next == Next::kDone) recorder.on_completed(task_.planned_ns, now_ns);
  if (!recorder.counts(task_.planned_ns)) return;
  if (next == Next::kDone) return recorder.on_done(task_.planned_ns, sent_ns_, now_ns, task_.count);
  recorder.on_error();
  if (next == Next::kRefused) recorder.counts_of.refused++;
  if (next == Next::kRunFailed) recorder.counts_of.run_failed++;
  if (next == Next::kCannotFollow) recorder.counts_of.unfollowed++;
}

void Lane::expire(uint64_t now_ns) {
  if (!busy() || now_ns < sent_ns_ + context_.options.timeout_ms * 1'000'000) return;
  if (context_.recorder.counts(task_.planned_ns)) {
    context_.recorder.counts_of.timed_out++;
    context_.recorder.on_error();
  }
  close();
  context_.owner.on_lane_down(*this, Status::timeout("no answer in time"), nullptr);
}

void Lane::on_closed(const Status& why) {
  if (state_ == State::kAwaiting && parser_.on_close()) return on_answer(uv_hrtime());
  down(why);
}

void Lane::down(const Status& why) {
  const bool was_busy = busy(), posting = asked_ == Asked::kPost;
  close();
  if (was_busy && context_.recorder.counts(task_.planned_ns)) {
    context_.recorder.counts_of.broken++;
    context_.recorder.on_error();
  }
  context_.owner.on_lane_down(*this, why, was_busy && posting ? &task_ : nullptr);
}

}  // namespace penstock::bench
