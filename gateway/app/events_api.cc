#include "gateway/app/events_api.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/event_filter.h"
#include "gateway/app/form_json.h"
#include "gateway/app/json_text.h"
#include "gateway/app/render.h"
#include "gateway/app/since.h"
#include "gateway/verify/encoding.h"

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
  audit(context_, request, "event.replay", words[1], "{}");
  replay(request.exchange, *id);
}

void EventsApi::list(const OperatorRequest& request, const char* rows_name,
                     records::RunStatus only) {
  queue::ListQuery query;
  const auto value = [&request](std::string_view name) { return request.query(name); };
  if (auto wrong = read_event_filter(value, context_.clock.wall_ms(), query); !wrong.empty())
    return refuse(request.exchange, Code::kBadRequest, wrong);
  if (only != records::UNKNOWN) query.status = only;
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
  if (!entry.meta.kind().empty()) row["kind"] = entry.meta.kind();
  if (entry.meta.filtered()) row["filtered"] = true;
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
  if (!meta.type().empty()) facts["type"] = meta.type();
  if (!meta.source().empty()) facts["source"] = meta.source();
  if (!meta.subject().empty()) facts["subject"] = meta.subject();
  if (!meta.body_form().empty()) facts["body_form"] = meta.body_form();
  if (is_utf8(meta.raw_body()) && !meta.raw_body().empty()) facts["raw_body"] = meta.raw_body();
  else if (!meta.raw_body().empty())
    facts["raw_body_base64"] = verify::encode(verify::Encoding::kBase64, meta.raw_body());
  if (!meta.kind().empty()) facts["kind"] = meta.kind();
  if (meta.captured()) facts["filtered"] = meta.filtered();
  if (!meta.mapping_error().empty()) facts["mapping_error"] = meta.mapping_error();
  if (meta.replay_of().size() == 16) facts["replay_of"] = Id::from_raw(meta.replay_of()).text();
  return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static std::string tasks_json(const records::Outcome& outcome) {
  Json tasks = Json::array();
  for (const records::TaskTrace& task : outcome.tasks())
    tasks.push_back({{"name", task.name()},
                     {"reference", task.reference()},
                     {"status", task.status()},
                     {"attempts", task.attempts()},
                     {"started_at", iso_time(task.started_at_ms())},
                     {"finished_at", iso_time(task.finished_at_ms())}});
  return tasks.dump(-1, ' ', false, Json::error_handler_t::replace);
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
  if (!meta.variables().empty()) answer.body += ",\"variables\":" + meta.variables();
  if (result) answer.body += ",\"tasks\":" + tasks_json(result->outcome());
  answer.body += "}\n";
  context_.server.respond(exchange, std::move(answer));
}

void EventsApi::replay(ExchangeId exchange, Id id) {
  replayer_.prepare(id, [this, exchange, id](Replayer::Prepared prepared) {
    replayed(exchange, id, std::move(prepared));
  });
}

void EventsApi::replayed(ExchangeId exchange, Id id, Replayer::Prepared prepared) {
  const auto refused = [this, exchange](const Rejected& why) {
    context_.server.respond(exchange, problem(why.code, why.detail, {}, {}, why.retry_after_s));
  };
  auto* event = std::get_if<queue::NewEvent>(&prepared);
  if (!event) return refused(std::get<Rejected>(prepared));
  const auto cookie = context_.pending.accepted([this, exchange, id](Id fresh) {
    respond_json(context_.server, exchange, 202,
                 {{"id", fresh.text()}, {"status", "queued"}, {"replay_of", id.text()}},
                 "Location: /v1/runs/" + fresh.text() + "\r\n");
  });
  auto admitted = context_.queue.accept(std::move(*event), cookie);
  const auto* why = std::get_if<Rejected>(&admitted);
  if (!why) return;
  context_.pending.forget(cookie);
  refused(*why);
}

}  // namespace penstock::gateway
