#include "gateway/app/event_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/app/json_text.h"
#include "gateway/app/render.h"
#include "proto/limits.h"

namespace penstock::gateway {

static constexpr int64_t kQueued = 0, kRunning = 1, kFirstPiece = 2;

// A line of data may end in any of the three ways of the standard, so a text goes out line by line.
static void append_data(std::string& out, std::string_view data) {
  do {
    const size_t end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).push_back('\n');
    if (end == std::string_view::npos) return;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  } while (true);
}

void append_event(std::string& out, std::string_view type, int64_t id, std::string_view data) {
  if (id >= 0) out.append("id: ").append(std::to_string(id)).push_back('\n');
  out.append("event: ").append(type).push_back('\n');
  append_data(out, data);
  out.push_back('\n');
}

static int64_t task_events(const records::ResultRecord& result) {
  return result.stream_tasks() ? 0 : result.outcome().tasks_size();
}

/// The id of the last status.
static int64_t end_id(const records::ResultRecord& result) {
  return kFirstPiece + result.stream_count() + task_events(result);
}

/// Behind an early reply nothing but a failure is news.
static bool ends_with_status(const records::ResultRecord& result) {
  return result.reply_piece() && result.outcome().status() == records::SUCCEEDED;
}

uint32_t EventForm::first_piece(int64_t after) {
  return static_cast<uint32_t>(std::clamp<int64_t>(after + 1 - kFirstPiece, 0, UINT32_MAX));
}

int64_t EventForm::last_id(const records::ResultRecord& result) {
  return end_id(result) + (ends_with_status(result) ? 0 : 1);
}

Response EventForm::head() const {
  Response head;
  head.content_type = "text/event-stream";
  head.headers = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nPenstock-Run: " + id_.text() +
                 "\r\n";
  head.body = fmt::format("retry: {}\n\n", limits::stream_retry_ms);
  return head;
}

void EventForm::tell(std::string& out, std::string_view type, int64_t id, std::string_view data) {
  if (id <= after_) return;
  after_ = id;
  append_event(out, type, id, data);
}

void EventForm::status(records::RunStatus status, std::string& out) {
  const std::string id = id_.text();
  if (!std::exchange(said_queued_, true))
    tell(out, "status", kQueued,
         fmt::format(R"({{"id":"{0}","status":"{1}","links":{{"self":"/v1/runs/{0}","result":)"
                     R"("/v1/runs/{0}/result","cancel":"/v1/runs/{0}/cancel"}}}})",
                     id, status == records::CAPTURED ? "captured" : "queued"));
  if (status == records::RUNNING && after_ < kRunning) return began(out);
  if (status == records::RUNNING || status == records::WAITING)
    append_event(out, "status", -1,
                 fmt::format(R"({{"id":"{}","status":"{}"}})", id, status_word(status)));
}

void EventForm::began(std::string& out) {
  tell(out, "status", kRunning, fmt::format(R"({{"id":"{}","status":"running"}})", id_.text()));
}

void EventForm::piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) {
  began(out);
  const int64_t id = kFirstPiece + int64_t{sequence};
  if (piece.type() == "reply") {
    records::Outcome reply;
    reply.ParseFromString(piece.data());
    return tell(out, "result", id, reply.body());
  }
  if (piece.type() != "delta")
    return tell(out, piece.type(), id, piece.data().empty() ? "{}" : piece.data());
  std::string data = "{\"text\":";
  append_json_string(data, piece.data());
  data += '}';
  tell(out, "delta", id, data);
}

static std::string task_json(const records::TaskTrace& task) {
  std::string out = "{\"name\":";
  append_json_string(out, task.name());
  out += ",\"reference\":";
  append_json_string(out, task.reference());
  out += ",\"status\":";
  append_json_string(out, task.status());
  out += ",\"started_at\":";
  append_json_time(out, task.started_at_ms());
  out += ",\"finished_at\":";
  append_json_time(out, task.finished_at_ms());
  out += fmt::format(",\"attempts\":{}}}", task.attempts());
  return out;
}

void EventForm::end(const records::ResultRecord& result, std::string& out) {
  const records::Outcome& outcome = result.outcome();
  if (result.started_at_ms()) began(out);
  int64_t id = kFirstPiece + result.stream_count();
  if (task_events(result))
    for (const records::TaskTrace& task : outcome.tasks()) tell(out, "task", id++, task_json(task));
  tell(out, "status", id,
       fmt::format(R"({{"id":"{}","status":"{}"}})", id_.text(), status_word(outcome.status())));
  if (ends_with_status(result)) return;
  if (outcome.status() == records::SUCCEEDED) return tell(out, "result", id + 1, outcome.body());
  std::string problem = render_outcome(id_, result).body;
  while (!problem.empty() && problem.back() == '\n') problem.pop_back();
  tell(out, "error", id + 1, problem);
}

}  // namespace penstock::gateway
