#include "gateway/app/events_api.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/prefer.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

void EventsApi::refuse(ExchangeId exchange, Code code, const std::string& detail) {
  context_.server.respond(exchange, problem(code, detail));
}

void EventsApi::on_request(const OperatorRequest& request) {
  const auto& words = request.words;
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  if (words.size() == 1 && !read)
    return respond_wrong_method(context_.server, request.exchange, "GET");
  if (words.size() == 1 && words[0] == "dead-letters")
    return list(request, "dead_letters", records::DEAD);
  if (words.size() == 1) return list(request, words[0].c_str(), records::UNKNOWN);
  const auto id = Id::from_text(words[1]);
  if (!id || words[0] != "events")
    return refuse(request.exchange, Code::kUnknownRun, "No event has this id.");
  if (words.size() == 2) {
    if (!read) return respond_wrong_method(context_.server, request.exchange, "GET");
    return show(request.exchange, *id);
  }
  if (words.size() != 3 || words[2] != "replay")
    return refuse(request.exchange, Code::kNotFound, "No such address.");
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  replay(request.exchange, *id);
}

/// "2026-11-23T22:00:00Z" or a duration back from now such as "15m", "2h", "1d".
static std::optional<uint64_t> since_ms(const std::string& text, uint64_t now_ms) {
  uint64_t unit_ms = 0;
  if (text.ends_with('d')) unit_ms = 86'400'000;
  if (text.ends_with('h')) unit_ms = 3'600'000;
  uint64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  if (unit_ms) {
    const auto read = std::from_chars(text.data(), end, count);
    if (read.ec != std::errc() || read.ptr != end || count > 36'500) return std::nullopt;
    return now_ms - std::min(now_ms, count * unit_ms);
  }
  if (const auto back = parse_wait_ms(text)) return now_ms - std::min(now_ms, *back);
  tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest) return std::nullopt;
  return static_cast<uint64_t>(timegm(&parts)) * 1000;
}

void EventsApi::list(const OperatorRequest& request, const char* rows_name,
                     records::RunStatus only) {
  queue::ListQuery query;
  query.trigger = request.query("trigger").value_or("");
  query.tag = request.query("tag").value_or("");
  query.status = only;
  if (const auto word = request.query("status"); word && !word->empty()) {
    query.status = status_from_word(*word);
    if (query.status == records::UNKNOWN)
      return refuse(request.exchange, Code::kBadRequest,
                    "status is one of captured queued running waiting succeeded failed cancelled "
                    "dead");
  }
  if (const auto since = request.query("since"); since && !since->empty()) {
    const auto bound = since_ms(*since, context_.clock.wall_ms());
    if (!bound)
      return refuse(request.exchange, Code::kBadRequest,
                    "since is a time such as 2026-11-23T22:00:00Z or a span such as 15m");
    query.since_ms = *bound;
  }
  if (const auto limit = request.query("limit")) {
    uint32_t count = 0;
    std::from_chars(limit->data(), limit->data() + limit->size(), count);
    query.limit = std::clamp<uint32_t>(count, 1, 1000);
  }
  if (const auto cursor = request.query("cursor"); cursor && !cursor->empty()) {
    const auto before = Id::from_text(*cursor);
    if (!before) return refuse(request.exchange, Code::kBadRequest, "cursor is no cursor");
    query.before = *before;
  }
  const auto cookie = context_.pending.read(
      [this, exchange = request.exchange, name = std::string(rows_name)](queue::ReadDone& done) {
        listed(exchange, name, done);
      });
  context_.queue.list(query, cookie);
}

static Json row_of(const queue::ListEntry& entry, const queue::LiveView* live) {
  RunFacts facts;
  facts.id = entry.id;
  facts.meta = &entry.meta;
  facts.result = entry.result.get();
  facts.live = live;
  facts.stored = entry.live.get();
  Json row = {{"id", entry.id.text()},
              {"trigger", entry.meta.trigger()},
              {"workflow", entry.meta.workflow()},
              {"version", entry.meta.workflow_version()},
              {"status", run_status(facts)},
              {"created_at", iso_time(entry.id.time_ms())}};
  const uint64_t finished = entry.result ? entry.result->finished_at_ms() : 0;
  row["finished_at"] = finished ? Json(iso_time(finished)) : Json(nullptr);
  row["attempts"] = entry.result ? entry.result->attempts() : live ? live->attempts : 0;
  row["body_bytes"] = entry.body_bytes;
  row["method"] = entry.meta.method();
  row["path"] = entry.meta.path();
  row["tag"] = entry.meta.tag();
  if (!entry.meta.replay_of().empty() && entry.meta.replay_of().size() == 16)
    row["replay_of"] = Id::from_raw(entry.meta.replay_of()).text();
  return row;
}

void EventsApi::listed(ExchangeId exchange, const std::string& rows_name, queue::ReadDone& done) {
  if (!done.status.ok())
    return refuse(exchange, Code::kInternal, "cannot read: " + done.status.message());
  const auto& page = std::get<queue::ListPage>(done.value);
  Json rows = Json::array();
  for (const queue::ListEntry& entry : page.entries) {
    const auto live = context_.queue.live(entry.id);
    rows.push_back(row_of(entry, live ? &*live : nullptr));
  }
  const Json next = page.next.is_zero() ? Json(nullptr) : Json(page.next.text());
  respond_json(context_.server, exchange, 200, {{rows_name, rows}, {"next", next}});
}

void EventsApi::show(ExchangeId exchange, Id id) {
  const auto cookie = context_.pending.read(
      [this, exchange, id](queue::ReadDone& done) { shown(exchange, id, done); });
  context_.queue.read_run(id, true, cookie);
}

const queue::RunRead* EventsApi::found(ExchangeId exchange, queue::ReadDone& done,
                                       records::EventMeta& meta) {
  if (!done.status.ok()) {
    refuse(exchange, Code::kInternal, "cannot read: " + done.status.message());
    return nullptr;
  }
  const auto& read = std::get<queue::RunRead>(done.value);
  if (read.event && meta.ParseFromString(read.event->meta)) return &read;
  refuse(exchange, Code::kUnknownRun, "No event has this id, or it is older than what is kept.");
  return nullptr;
}

static std::string facts_json(const records::EventMeta& meta, uint64_t body_bytes) {
  Json headers = Json::object();
  for (const auto& header : meta.headers()) {
    if (headers.contains(header.name()))
      headers[header.name()] = headers[header.name()].get<std::string>() + ", " + header.value();
    else headers[header.name()] = header.value();
  }
  Json facts = {{"method", meta.method()},
                {"path", meta.path()},
                {"query", meta.query()},
                {"content_type", meta.content_type()},
                {"remote", meta.remote()},
                {"headers", headers},
                {"body_bytes", body_bytes}};
  if (meta.replay_of().size() == 16) facts["replay_of"] = Id::from_raw(meta.replay_of()).text();
  return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void EventsApi::shown(ExchangeId exchange, Id id, queue::ReadDone& done) {
  records::EventMeta meta;
  const queue::RunRead* read = found(exchange, done, meta);
  if (!read) return;
  const auto live = context_.queue.live(id);
  const queue::ResultPtr result = read->result ? read->result : context_.queue.cached_result(id);
  RunFacts facts;
  facts.id = id;
  facts.meta = &meta;
  facts.result = result.get();
  facts.live = live ? &*live : nullptr;
  facts.stored = read->live.get();
  facts.result_retention_ms = context_.config.result_retention_ms;
  Response answer;
  answer.body = run_json(facts);
  answer.body.erase(answer.body.rfind('}'));
  // The body goes in as it came: it was checked to be JSON, and its bytes stay as they are.
  answer.body += ",\"event\":" + facts_json(meta, read->event->body.size()) + ",\"body\":";
  answer.body += read->event->body.view();
  answer.body += "}\n";
  context_.server.respond(exchange, std::move(answer));
}

void EventsApi::replay(ExchangeId exchange, Id id) {
  const auto cookie = context_.pending.read(
      [this, exchange, id](queue::ReadDone& done) { replay_read(exchange, id, done); });
  context_.queue.read_run(id, false, cookie);
}

void EventsApi::replay_read(ExchangeId exchange, Id id, queue::ReadDone& done) {
  records::EventMeta meta;
  const queue::RunRead* read = found(exchange, done, meta);
  if (!read) return;
  const TriggerPtr trigger = context_.catalog.trigger(meta.trigger());
  const std::string name = trigger ? trigger->workflow() : meta.workflow();
  const WorkflowPtr workflow =
      context_.catalog.workflow(name, trigger ? trigger->workflow_version() : 0);
  if (!workflow)
    return refuse(exchange, Code::kConflict, "The workflow " + name + " of this event is gone.");
  meta.set_workflow(name);
  meta.set_workflow_version(workflow->version());
  meta.set_captured(false);  // a replayed sample runs
  meta.set_replay_of(std::string(id.raw()));
  const auto cookie = context_.pending.accepted([this, exchange, id](Id fresh) {
    respond_json(context_.server, exchange, 202,
                 {{"id", fresh.text()}, {"status", "queued"}, {"replay_of", id.text()}},
                 "Location: /v1/runs/" + fresh.text() + "\r\n");
  });
  auto admitted = context_.queue.accept(
      queue::NewEvent{std::move(meta), Body(read->event->body.view()), false}, cookie);
  const auto* rejected = std::get_if<Rejected>(&admitted);
  if (!rejected) return;
  context_.pending.forget(cookie);
  context_.server.respond(
      exchange, problem(rejected->code, rejected->detail, {}, {}, rejected->retry_after_s));
}

}  // namespace penstock::gateway
