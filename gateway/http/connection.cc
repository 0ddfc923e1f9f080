#include "gateway/http/connection.h"

#include "gateway/http/request.h"

namespace penstock::gateway {

Connection::Connection(FrontEnd& front, Handler& handler, uint32_t slot, uint32_t generation)
    : front_(front),
      handler_(handler),
      transport_(*front.buffers, front.bytes, *this),
      slot_(slot),
      generation_(generation) {
  front_.metrics.connections_open++;
}

Connection::~Connection() {
  drop_request();
}

Status Connection::accept(uv_stream_t* listener, std::shared_ptr<TlsContext> tls) {
  PENSTOCK_TRY(transport_.accept(listener, std::move(tls)));
  front_.metrics.connections_total++;
  update_deadline();
  return {};
}

void Connection::flush() {
  dirty_ = false;
  if (state_ == State::kClosed) return;
  if (!transport_.flush()) return gone();
  resume();
  settle();
  update_deadline();
}

void Connection::on_written() {
  mark_dirty();
}

void Connection::on_broken() {
  const Busy busy(front_);
  gone();
}

/// Ends our side once the last answer is with the kernel.
void Connection::settle() {
  if (front_.draining) drain();
  if (state_ != State::kDone) return;
  if (input_ended_ && answers_.empty()) last_answer_out_ = true;
  if (last_answer_out_ && transport_.backlog() == 0) linger();
}

/// Closing at once would reset the connection if the client still sends, and a reset can overtake
/// the answer; so our side ends and the client's is read until it ends too.
void Connection::linger() {
  if (input_ended_) return close();
  transport_.shut_down();
  state_ = State::kLinger;
  dropped_ = 0;
  transport_.read(true);
}

void Connection::drain() {
  if (state_ == State::kIdle && answers_.empty() && transport_.backlog() == 0) close();
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  front_.metrics.connections_open--;
  start(Deadline::kNone);
  transport_.close();
  answers_.clear();
  front_.closed.push_back(slot_);
}

void Connection::gone() {
  const std::vector<uint32_t> unanswered = answers_.with_application();
  close();
  tell_gone(unanswered);
}

void Connection::tell_gone(const std::vector<uint32_t>& sequences) {
  for (const uint32_t sequence : sequences) handler_.on_gone(id(sequence));
}

void Connection::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  front_.dirty.push_back(this);
}

void Connection::start(Deadline kind) {
  front_.deadlines.set(*this, kind, front_.now_ms());
}

void Connection::update_deadline() {
  const Deadline wanted = wanted_deadline();
  if (wanted == deadline()) return;
  start(wanted);
  if (wanted == Deadline::kWrite) backlog_seen_ = transport_.backlog();
}

Deadline Connection::wanted_deadline() const {
  if (state_ != State::kClosed && transport_.waiting()) return Deadline::kWrite;
  switch (state_) {
    case State::kIdle:
      if (!answers_.empty() || held_) return Deadline::kNone;  // the client waits for us
      return used_ ? Deadline::kKeepAlive : Deadline::kHead;
    case State::kHead:
      return Deadline::kHead;
    case State::kBody:
    case State::kChunks:
      return Deadline::kBody;
    case State::kLinger:
      return Deadline::kLinger;
    case State::kDone:
    case State::kClosed:
      break;
  }
  return Deadline::kNone;
}

void Connection::on_deadline(Deadline kind) {
  const Busy busy(front_);
  const bool head_begun = state_ == State::kHead && request_->begun();
  switch (kind) {
    case Deadline::kHead:
      if (!head_begun) return close();  // nobody asked anything
      refuse({Code::kTimeout, "the request head took too long to arrive"});
      break;
    case Deadline::kBody:
      check_body_rate();
      break;
    case Deadline::kWrite:
      check_write_progress();
      break;
    case Deadline::kKeepAlive:
    case Deadline::kLinger:
    case Deadline::kNone:
      return close();
  }
  update_deadline();
}

void Connection::check_body_rate() {
  const uint64_t wanted = front_.limits.body_floor_bytes_per_s * front_.limits.body_grace_ms / 1000;
  if (request_->window_bytes < wanted) {
    return refuse({Code::kTimeout, "the request body arrives too slowly"});
  }
  request_->window_bytes = 0;
  start(Deadline::kBody);
}

void Connection::check_write_progress() {
  const size_t backlog = transport_.backlog();
  if (backlog >= backlog_seen_) return gone();
  backlog_seen_ = backlog;
  start(Deadline::kWrite);
}

}  // namespace penstock::gateway
