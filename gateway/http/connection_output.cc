// The writing half of a connection: answers leave in the order of their requests.
#include "gateway/http/request.h"

namespace penstock::gateway {

void Connection::turn_away() {
  answer_last(problem(Code::kQueueFull, "too many connections are open", {}, {}, 1));
}

/// Answers the request under way, or the bytes that are none, and takes no further one.
void Connection::refuse(const Refusal& refusal, uint32_t retry_after_s) {
  front_.metrics.bad_requests_total++;
  answer_last(problem(refusal.code, refusal.detail, {}, {}, retry_after_s));
}

void Connection::answer_last(Response response) {
  drop_request();
  Answer* answer = answers_.back();
  if (!answer || answer->phase != Answer::Phase::kReading) {
    answers_.open({});
    answer = answers_.back();
  }
  answer->phase = Answer::Phase::kReady;
  answer->close = true;
  answer->continue_due = false;
  answer->held = std::make_unique<Response>(std::move(response));
  state_ = State::kDone;
  pump();
}

void Connection::respond(uint32_t sequence, Response response) {
  Answer* answer = answers_.find(sequence);
  if (!answer || answer->phase != Answer::Phase::kWaiting) return;
  answer->phase = Answer::Phase::kReady;
  answer->close = answer->close || response.close || front_.draining;
  if (answer != answers_.front()) {
    answer->held = std::make_unique<Response>(std::move(response));
    return;
  }
  send(*answer, std::move(response));
  answered();
  pump();
}

void Connection::stream_begin(uint32_t sequence, Response response) {
  Answer* answer = answers_.find(sequence);
  if (!answer || answer->phase != Answer::Phase::kWaiting) return;
  answer->phase = Answer::Phase::kStreaming;
  answer->close = answer->close || response.close || front_.draining || answer->http_1_0;
  answer->held = std::make_unique<Response>(std::move(response));
  pump();
}

bool Connection::stream_write(uint32_t sequence, std::string_view bytes) {
  Answer* answer = answers_.find(sequence);
  if (!answer || answer->phase != Answer::Phase::kStreaming) return false;
  if (answer->head_out) {
    send_piece(*answer, bytes);
  } else {
    answer->held->body.append(bytes);
  }
  return true;
}

size_t Connection::stream_backlog(uint32_t sequence) {
  const Answer* answer = answers_.find(sequence);
  if (!answer) return 0;
  return transport_.backlog() + (answer->held ? answer->held->body.size() : 0);
}

void Connection::stream_end(uint32_t sequence) {
  Answer* answer = answers_.find(sequence);
  if (!answer || answer->phase != Answer::Phase::kStreaming) return;
  answer->phase = Answer::Phase::kStreamed;
  pump();
}

/// Sends what is due, front first, until one is not ready.
void Connection::pump() {
  while (Answer* answer = answers_.front()) {
    if (std::exchange(answer->continue_due, false)) {
      transport_.out().append(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
      front_.metrics.responses_by_class[1]++;
      mark_dirty();
    }
    switch (answer->phase) {
      case Answer::Phase::kReading:
      case Answer::Phase::kWaiting:
        return;
      case Answer::Phase::kReady:
        send(*answer, std::move(*answer->held));
        break;
      case Answer::Phase::kStreaming:
      case Answer::Phase::kStreamed:
        if (!pump_stream(*answer)) return;
    }
    answered();
  }
}

/// Sends a stream's head and what has gathered; true: that was the last of it.
bool Connection::pump_stream(Answer& answer) {
  if (!answer.head_out) {
    send_head(answer, *answer.held, answer.http_1_0 ? BodyEnd::kClose : BodyEnd::kChunked);
    answer.head_out = true;
    answer.head_only = answer.head_only || bodiless(answer.held->status);
    send_piece(answer, answer.held->body);
    answer.held.reset();
  }
  if (answer.phase == Answer::Phase::kStreaming) return false;
  if (!answer.head_only && !answer.http_1_0) transport_.out().append(last_chunk);
  mark_dirty();
  return true;
}

void Connection::send(const Answer& answer, Response&& response) {
  send_head(answer, response, BodyEnd::kLength);
  if (answer.head_only || bodiless(response.status)) return;
  transport_.out().append(std::move(response.body));
}

void Connection::send_head(const Answer& answer, const Response& response, BodyEnd end) {
  std::string& head = front_.scratch;
  head.clear();
  front_.writer.append_head(head, response, end, answer.close);
  transport_.out().append(std::string_view(head));
  const size_t status_class = response.status / 100;
  if (status_class < 6) front_.metrics.responses_by_class[status_class]++;
  mark_dirty();
}

void Connection::send_piece(const Answer& answer, std::string_view bytes) {
  if (answer.head_only || bytes.empty()) return;
  mark_dirty();
  if (answer.http_1_0) return transport_.out().append(bytes);
  std::string& chunk = front_.scratch;
  chunk.clear();
  append_chunk(chunk, bytes);
  transport_.out().append(std::string_view(chunk));
}

/// The front answer has left whole.
void Connection::answered() {
  const bool close = answers_.front()->close;
  answers_.pop();
  if (close) finish();
}

/// Nothing more will be sent, whatever else the client asked for.
void Connection::finish() {
  const std::vector<uint32_t> unanswered = answers_.with_application();
  last_answer_out_ = true;
  drop_request();
  held_.reset();
  answers_.clear();
  state_ = State::kDone;
  mark_dirty();
  tell_gone(unanswered);
}

}  // namespace penstock::gateway
