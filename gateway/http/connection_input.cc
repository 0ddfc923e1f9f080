// The reading half of a connection: bytes become requests.
#include <algorithm>

#include "gateway/http/request.h"

namespace penstock::gateway {

// A length is a promise, not bytes: room is made as they come, so that ten thousand slow senders
// of large bodies cost what they sent.
static constexpr uint64_t kBodyFirstBytes = 4096;

void Connection::on_bytes(std::string_view bytes) {
  const Busy busy(front_);
  if (held_) {
    held_->append(bytes);  // the rest of a TLS read; the next one waits in the socket
    return;
  }
  take(bytes);
  update_deadline();
}

void Connection::take(std::string_view in) {
  while (!in.empty()) {
    switch (state_) {
      case State::kIdle:
        if (full()) return hold(in);
        [[fallthrough]];
      case State::kHead:
        take_head(in);
        break;
      case State::kBody:
        take_body(in);
        break;
      case State::kChunks:
        take_chunks(in);
        break;
      case State::kDone:
      case State::kLinger:
        return drop_input(in.size());
      case State::kClosed:
        return;
    }
  }
}

void Connection::take_head(std::string_view& in) {
  if (request_) return continue_head(in);
  HeadCheck check;
  switch (check.scan(in, front_.head_limits)) {
    case HeadCheck::Verdict::kWhole: {
      const std::string_view head = in.substr(0, check.head_size());
      in.remove_prefix(head.size());
      return begin(head, check.facts(), in);
    }
    case HeadCheck::Verdict::kRefused:
      return refuse(check.refusal());
    case HeadCheck::Verdict::kMore:
      break;
  }
  request_ = std::make_unique<Request>();
  request_->check = check;
  request_->head_bytes = in;
  in = {};
  state_ = State::kHead;
  start(Deadline::kHead);
}

void Connection::continue_head(std::string_view& in) {
  std::string& bytes = request_->head_bytes;
  const size_t before = bytes.size();
  bytes.append(in.substr(0, front_.limits.head_bytes_max + 2 - before));
  switch (request_->check.scan(bytes, front_.head_limits)) {
    case HeadCheck::Verdict::kWhole: {
      bytes.resize(request_->check.head_size());
      in.remove_prefix(bytes.size() - before);
      return begin(bytes, request_->check.facts(), in);
    }
    case HeadCheck::Verdict::kRefused:
      return refuse(request_->check.refusal());
    case HeadCheck::Verdict::kMore:
      in.remove_prefix(bytes.size() - before);
  }
}

void Connection::begin(std::string_view bytes, const HeadFacts& facts, std::string_view& in) {
  RequestHead& head = front_.head;
  front_.metrics.requests_total++;
  start(Deadline::kNone);  // so that the next one runs its full time
  used_ = true;
  last_request_ = facts.close;
  Answer answer;
  answer.head_only = facts.method == Method::kHead;
  answer.http_1_0 = facts.http_1_0;
  answer.close = facts.close;
  answers_.open(std::move(answer));
  if (const Check wrong = front_.parser.parse(bytes, facts, head)) return refuse(*wrong);
  head.tls = transport_.tls();
  head.remote = transport_.remote();
  BodyPlan plan = handler_.on_head(head);
  const uint64_t bytes_max = plan.bytes_max;
  if (state_ >= State::kDone) return;  // it answered an earlier request, and that was the last
  if (refused(std::move(plan), in)) return;
  begin_body(bytes, facts, bytes_max, in);
}

/// Answers early if the application or the body's length says so.
bool Connection::refused(BodyPlan plan, std::string_view& in) {
  const RequestHead& head = front_.head;
  const uint64_t length = head.content_length.value_or(0);
  if (!plan.refuse) {
    if (length <= plan.bytes_max) return false;
    plan.refuse = problem(Code::kPayloadTooLarge, "the body is larger than the limit");
  }
  // A body that is here already costs nothing to skip; for any other the connection ends, since
  // reading it to find the next request is what the refusal is to avoid.
  if (head.chunked || length > in.size()) {
    answer_last(std::move(*plan.refuse));
    return true;
  }
  in.remove_prefix(static_cast<size_t>(length));
  request_.reset();
  state_ = last_request_ ? State::kDone : State::kIdle;
  answers_.back()->phase = Answer::Phase::kWaiting;
  respond(answers_.last_sequence(), std::move(*plan.refuse));
  return true;
}

void Connection::begin_body(std::string_view bytes, const HeadFacts& facts, uint64_t bytes_max,
                            std::string_view& in) {
  const uint64_t length = facts.framing.content_length().value_or(0);
  if (!facts.framing.chunked() && length <= in.size()) {
    Body body(in.substr(0, static_cast<size_t>(length)));
    in.remove_prefix(body.size());
    return deliver(front_.head, std::move(body));
  }
  if (!request_) {
    request_ = std::make_unique<Request>();
    request_->head_bytes = bytes;
  }
  request_->head = std::move(front_.head);
  rebase(request_->head, bytes.data(), request_->head_bytes.data());
  request_->body_left = length;
  if (facts.framing.chunked()) request_->chunks.emplace(bytes_max);
  state_ = facts.framing.chunked() ? State::kChunks : State::kBody;
  start(Deadline::kBody);
  if (!facts.expects_continue || !in.empty()) return;
  answers_.back()->continue_due = true;
  pump();
}

void Connection::take_body(std::string_view& in) {
  Request& request = *request_;
  const size_t size = static_cast<size_t>(std::min<uint64_t>(request.body_left, in.size()));
  const uint64_t whole = request.body.size() + request.body_left;
  if (request.body.size() + size > request.body.capacity()) {
    const uint64_t wanted = std::max<uint64_t>(
        {kBodyFirstBytes, request.body.capacity() * 2, request.body.size() + size});
    request.body.reserve(static_cast<size_t>(std::min(whole, wanted)));
  }
  request.body.append(in.substr(0, size));
  request.body_left -= size;
  in.remove_prefix(size);
  if (received(size) && request.body_left == 0) deliver_partial();
}

void Connection::take_chunks(std::string_view& in) {
  Request& request = *request_;
  const size_t before = request.body.size();
  const Check wrong = request.chunks->feed(in, request.body);
  if (!received(request.body.size() - before)) return;
  if (wrong) return refuse(*wrong);
  if (request.chunks->done()) deliver_partial();
}

/// Accounts for bytes of an incomplete body; false: all connections together hold too much.
bool Connection::received(size_t bytes) {
  request_->window_bytes += bytes;
  front_.partial_bytes += bytes;
  if (front_.partial_bytes <= front_.limits.partial_bytes_max) return true;
  refuse({Code::kQueueFull, "too many bodies are being received at once"}, 1);
  return false;
}

void Connection::deliver(const RequestHead& head, Body body) {
  answers_.back()->phase = Answer::Phase::kWaiting;
  answers_.back()->continue_due = false;
  const std::unique_ptr<Request> head_bytes = std::move(request_);  // `head` may point into it
  state_ = last_request_ ? State::kDone : State::kIdle;
  handler_.on_request(id(answers_.last_sequence()), head, std::move(body));
}

void Connection::deliver_partial() {
  const std::unique_ptr<Request> request = std::move(request_);
  front_.partial_bytes -= request->body.size();
  deliver(request->head, std::move(request->body));
}

void Connection::drop_request() {
  if (request_) front_.partial_bytes -= request_->body.size();
  request_.reset();
}

/// Counts what a client sends behind its last request; it is read so that closing does not reset
/// the connection under the answer.
void Connection::drop_input(size_t bytes) {
  dropped_ += bytes;
  if (dropped_ <= front_.limits.linger_bytes_max) return;
  if (state_ == State::kLinger) return close();
  transport_.read(false);
}

void Connection::hold(std::string_view in) {
  held_ = std::make_unique<std::string>(in);
  transport_.read(false);
}

void Connection::resume() {
  if (!held_ || full()) return;
  const std::unique_ptr<std::string> in = std::move(held_);
  transport_.read(true);
  take(*in);
  if (input_ended_ && !held_) end_input();
}

bool Connection::full() const {
  if (answers_.size() >= front_.limits.pipelined_requests_max) return true;
  const size_t held = answers_.size() > 1 ? answers_.held_bytes() : 0;
  return transport_.backlog() + held > front_.limits.write_backlog_bytes_max;
}

void Connection::on_end() {
  const Busy busy(front_);
  if (input_ended_) return;
  input_ended_ = true;
  if (!held_) end_input();
  update_deadline();
}

void Connection::end_input() {
  const bool between = state_ == State::kIdle || (state_ == State::kHead && !request_->begun());
  if (state_ == State::kLinger) return close();
  if (state_ < State::kDone && !between) {
    return refuse(bad_request("the connection ended inside the request"));
  }
  drop_request();
  state_ = state_ == State::kClosed ? State::kClosed : State::kDone;
  mark_dirty();
  for (const uint32_t sequence : answers_.with_application()) {
    handler_.on_half_closed(id(sequence));
  }
}

}  // namespace penstock::gateway
