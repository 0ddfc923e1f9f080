#include "gateway/app/render.h"

#include <strings.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "gateway/app/json_text.h"

namespace penstock::gateway {

using namespace std::string_view_literals;

std::string_view durability_word(Durability durability) {
  return durability == Durability::kMemory ? "memory" : "disk";
}

static constexpr std::string_view kStatusWords[] = {"unknown", "captured",  "queued",
                                                    "running", "waiting",   "succeeded",
                                                    "failed",  "cancelled", "dead"};

std::string_view status_word(records::RunStatus status) {
  const auto at = static_cast<size_t>(status);
  return at < std::size(kStatusWords) ? kStatusWords[at] : kStatusWords[0];
}

records::RunStatus status_from_word(std::string_view word) {
  for (size_t i = 1; i < std::size(kStatusWords); i++)
    if (kStatusWords[i] == word) return static_cast<records::RunStatus>(i);
  return records::UNKNOWN;
}

static void append_links(std::string& out, std::string_view id) {
  out.append("\"links\":{\"self\":\"/v1/runs/"sv).append(id);
  out.append("\",\"result\":\"/v1/runs/"sv).append(id);
  out.append("/result\",\"events\":\"/v1/runs/"sv).append(id);
  out.append("/events\",\"cancel\":\"/v1/runs/"sv).append(id).append("/cancel\"}"sv);
}

Response render_accepted(const Id& id, std::string_view status, Durability durability,
                         std::optional<uint32_t> retry_after_s,
                         std::optional<uint32_t> applied_wait_s) {
  char text[36];
  id.write_text(text);
  const std::string_view id_text(text, sizeof(text));
  Response answer;
  answer.status = 202;
  answer.headers.reserve(128);
  answer.headers.append("Location: /v1/runs/"sv).append(id_text);
  answer.headers.append("\r\nPenstock-Durability: "sv).append(durability_word(durability));
  answer.headers.append("\r\n"sv);
  if (retry_after_s) answer.headers += fmt::format("Retry-After: {}\r\n", *retry_after_s);
  if (applied_wait_s)
    answer.headers += fmt::format("Preference-Applied: wait={}\r\n", *applied_wait_s);
  answer.body.reserve(384);
  answer.body.append("{\"id\":\""sv).append(id_text).append("\",\"status\":\""sv);
  answer.body.append(status).append("\","sv);
  append_links(answer.body, id_text);
  answer.body.append("}\n"sv);
  return answer;
}

/// Header text chosen by a workflow: no field that would break the framing.
static bool may_set(std::string_view name, std::string_view value) {
  for (const auto refused : {"content-length", "transfer-encoding", "connection", "date",
                             "content-type", "keep-alive", "upgrade", "trailer"}) {
    if (name.size() == std::string_view(refused).size() &&
        strncasecmp(name.data(), refused, name.size()) == 0)
      return false;
  }
  for (const char c : name)
    if (!isalnum(static_cast<unsigned char>(c)) && !strchr("!#$%&'*+-.^_`|~", c)) return false;
  for (const char c : value)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') return false;
  return !name.empty();
}

static void append_error(std::string& out, const records::WorkflowError& error) {
  out += "\"error\":{\"type\":";
  append_json_string(out, error.type());
  out += fmt::format(",\"status\":{},\"title\":", error.status());
  append_json_string(out, error.title());
  out += ",\"detail\":";
  append_json_string(out, error.detail());
  out += ",\"instance\":";
  append_json_string(out, error.instance());
  out += '}';
}

static Response render_failed(const Id& id, const records::ResultRecord& result) {
  const records::Outcome& outcome = result.outcome();
  const bool dead = outcome.status() == records::DEAD;
  const ProblemKind& kind = problem_kind(dead ? Code::kRunDead : Code::kWorkflowFailed);
  const uint32_t inner = outcome.error().status();
  Response answer;
  answer.status = !dead && inner >= 400 && inner <= 599 ? static_cast<uint16_t>(inner) : kind.status;
  answer.content_type = "application/problem+json";
  if (answer.status == 429 || answer.status == 503) answer.headers += "Retry-After: 1\r\n";
  std::string& out = answer.body;
  out = fmt::format(R"({{"type":"https://penstock.dev/problems/{}","title":"{}","status":{},"detail":)",
                    kind.word, kind.title, answer.status);
  append_json_string(out, outcome.error().detail().empty() ? outcome.error().title()
                                                           : outcome.error().detail());
  out += fmt::format(R"(,"instance":"/v1/runs/{0}","code":"{1}","retryable":{2},"id":"{0}",)",
                     id.text(), kind.word, outcome.retryable());
  append_error(out, outcome.error());
  out += "}\n";
  return answer;
}

static Response render_succeeded(const records::Outcome& outcome) {
  Response answer;
  answer.status = outcome.http_status() >= 200 && outcome.http_status() <= 599
                      ? static_cast<uint16_t>(outcome.http_status())
                      : 200;
  if (may_set("x", outcome.content_type())) answer.type_text = outcome.content_type();
  for (const records::Header& header : outcome.headers())
    if (may_set(header.name(), header.value()))
      answer.headers.append(header.name()).append(": ").append(header.value()).append("\r\n");
  answer.body = outcome.body();
  return answer;
}

Response render_outcome(const Id& id, const records::ResultRecord& result) {
  Response answer;
  switch (result.outcome().status()) {
    case records::SUCCEEDED: answer = render_succeeded(result.outcome()); break;
    case records::CANCELLED:
      answer = problem(Code::kCancelled, "The run was cancelled before it had a reply.",
                       "/v1/runs/" + id.text(), id.text());
      break;
    default: answer = render_failed(id, result);
  }
  char text[36];
  id.write_text(text);
  answer.headers.append("Penstock-Run: "sv).append(text, sizeof(text)).append("\r\n"sv);
  return answer;
}

Response render_reply(const Id& id, const records::Outcome& reply) {
  Response answer = render_succeeded(reply);
  answer.headers.append("Penstock-Run: "sv).append(id.text()).append("\r\n"sv);
  return answer;
}

Response render_pending(const Id& id, const queue::LiveView* live, double drain_rate,
                        std::optional<uint32_t> applied_wait_s) {
  const bool queued = live && live->status == records::QUEUED;
  const bool measured = queued && drain_rate > 0;
  const double ahead_s = measured ? static_cast<double>(live->queue_position) / drain_rate : 0;
  const double retry_s = std::clamp(std::ceil(ahead_s), 1.0, 60.0);
  Response answer = render_accepted(id, live ? status_word(live->status) : "queued"sv,
                                    Durability::kDisk, static_cast<uint32_t>(retry_s),
                                    applied_wait_s);
  std::string facts = fmt::format("\"queue_position\":{}", queued ? fmt::to_string(live->queue_position)
                                                                  : std::string("null"));
  if (measured) facts += fmt::format(",\"estimated_wait_ms\":{}", std::llround(ahead_s * 1000));
  answer.body.insert(answer.body.find("\"links\""), facts + ",");
  return answer;
}

static records::RunStatus status_of(const RunFacts& facts) {
  if (facts.result) return facts.result->outcome().status();
  if (facts.live) return facts.live->status;
  if (facts.meta && facts.meta->captured()) return records::CAPTURED;
  if (facts.stored) return facts.stored->status();
  return records::QUEUED;
}

std::string_view run_status(const RunFacts& facts) { return status_word(status_of(facts)); }

static uint64_t started_at(const RunFacts& facts) {
  if (facts.result) return facts.result->started_at_ms();
  if (facts.live) return facts.live->started_at_ms;
  return facts.stored ? facts.stored->started_at_ms() : 0;
}

static uint32_t attempts_of(const RunFacts& facts) {
  if (facts.result) return facts.result->attempts();
  if (facts.live) return facts.live->attempts;
  return facts.stored ? facts.stored->attempts() : 0;
}

static void append_times(std::string& out, const RunFacts& facts) {
  const uint64_t finished = facts.result ? facts.result->finished_at_ms() : 0;
  out += ",\"created_at\":";
  append_json_time(out, facts.id.time_ms());
  out += ",\"started_at\":";
  append_json_time(out, started_at(facts));
  out += ",\"finished_at\":";
  append_json_time(out, finished);
  out += ",\"expires_at\":";
  const uint64_t expires = facts.result ? facts.result->expires_at_ms() : 0;
  append_json_time(out, expires ? expires : finished ? finished + facts.result_retention_ms : 0);
}

static void append_queue_facts(std::string& out, const RunFacts& facts) {
  if (status_of(facts) != records::QUEUED) {
    out += ",\"queue_position\":null";
    return;
  }
  const uint64_t position = facts.live ? facts.live->queue_position : 0;
  if (facts.live) out += fmt::format(",\"queue_position\":{}", position);
  else out += ",\"queue_position\":null";
  if (facts.live && *facts.live->waits_for)
    out += fmt::format(",\"waits_for\":\"{}\"", facts.live->waits_for);
  if (facts.live && facts.drain_rate > 0)
    out += fmt::format(",\"estimated_wait_ms\":{}",
                       std::llround(static_cast<double>(position) * 1000 / facts.drain_rate));
}

std::string run_json(const RunFacts& facts) {
  const std::string id = facts.id.text();
  std::string out = "{\"id\":\"" + id + "\",\"trigger\":";
  append_json_string(out, facts.meta->trigger());
  out += ",\"workflow\":";
  append_json_string(out, facts.meta->workflow());
  out += fmt::format(",\"version\":{},\"status\":\"{}\"", facts.meta->workflow_version(),
                     run_status(facts));
  append_times(out, facts);
  out += fmt::format(",\"attempts\":{}", attempts_of(facts));
  append_queue_facts(out, facts);
  if (facts.live && facts.live->wake_at_ms) {
    out += ",\"wakes_at\":";
    append_json_time(out, facts.live->wake_at_ms);
  }
  if (facts.meta->filtered()) out += ",\"filtered\":true";
  if (!facts.meta->kind().empty()) {
    out += ",\"kind\":";
    append_json_string(out, facts.meta->kind());
  }
  if (!facts.meta->tag().empty()) {
    out += ",\"tag\":";
    append_json_string(out, facts.meta->tag());
  }
  if (facts.result && facts.result->outcome().has_error()) {
    out += ',';
    append_error(out, facts.result->outcome().error());
  }
  out += ',';
  append_links(out, id);
  out += "}\n";
  return out;
}

}  // namespace penstock::gateway
