#include "gateway/app/ledger.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>

#include "gateway/app/auth.h"
#include "gateway/app/json_text.h"
#include "gateway/app/operator_request.h"
#include "gateway/app/prefer.h"
#include "gateway/app/render.h"
#include "gateway/app/since.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static constexpr std::string_view kHooks = "/hooks/", kTail = "/deliveries";
static constexpr uint32_t kPageDefault = 50;

static std::string_view token_of(std::string_view path) {
  path.remove_prefix(kHooks.size());
  return path.substr(0, path.find('/'));
}

bool Ledger::is_ours(const RequestHead& head) {
  if (head.method != Method::kGet && head.method != Method::kHead) return false;
  if (!head.path.starts_with(kHooks) || !head.path.ends_with(kTail)) return false;
  return kHooks.size() + token_of(head.path).size() + kTail.size() == head.path.size();
}

std::optional<Response> Ledger::refuse(const RequestHead& head) const {
  const TriggerPtr trigger = context_.catalog.trigger_by_token(token_of(head.path));
  if (!trigger)
    return problem(Code::kUnknownTrigger, "No trigger has this URL; check the part after /hooks/.");
  if (is_admin(context_.credentials, head)) return std::nullopt;
  const auto key = presented_key(head);
  if (key && context_.credentials.matches(trigger->keys(), *key)) return std::nullopt;
  return unauthorized(
      "The deliveries of a trigger are shown to whoever has its API key; `penstock "
      "trigger rotate-key` makes one.",
      {});
}

BodyPlan Ledger::on_head(const RequestHead& head) {
  BodyPlan plan;
  plan.refuse = refuse(head);
  return plan;
}

void Ledger::on_request(ExchangeId exchange, const RequestHead& head) {
  if (auto refused = refuse(head)) return context_.server.respond(exchange, std::move(*refused));
  Ask ask;
  ask.exchange = exchange;
  ask.trigger = context_.catalog.trigger_by_token(token_of(head.path))->name();
  ask.query.trigger = ask.trigger;
  ask.query.limit = kPageDefault;
  const auto bad = [this, exchange](std::string_view detail) {
    context_.server.respond(exchange, problem(Code::kBadRequest, detail));
  };
  if (const auto since = query_value(head.query, "since"); since && !since->empty()) {
    const auto from = since_ms(*since, context_.clock.wall_ms());
    if (!from) return bad("since is a time such as 2026-11-23T22:00:00Z or a span such as 15m");
    ask.query.since_ms = *from;
  }
  if (const auto limit = query_value(head.query, "limit")) {
    uint32_t count = 0;
    std::from_chars(limit->data(), limit->data() + limit->size(), count);
    ask.query.limit = std::clamp<uint32_t>(count, 1, limits::ledger_page_max);
  }
  if (const auto cursor = query_value(head.query, "cursor"); cursor && !cursor->empty()) {
    const auto before = Id::from_text(*cursor);
    if (!before) return bad("cursor is no cursor");
    ask.query.before = *before;
    ask.first_page = false;
  }
  if (const auto id = query_value(head.query, "id"); id && !id->empty()) {
    if (const auto event = Id::from_text(*id)) return one(exchange, ask.trigger, *event);
    ask.own_id = *id;
    ask.query.limit = 1000;
  }
  const auto cookie =
      context_.pending.read([this, ask](queue::ReadDone& done) { answer_page(ask, done); });
  context_.queue.list(ask.query, cookie);
}

/// The sender's own name of the delivery, where one was sent.
static std::string own_id_of(const records::EventMeta& meta) {
  static constexpr std::string_view kNames[] = {
      "idempotency-key",     "webhook-id",           "svix-id",     "ce-id", "x-github-delivery",
      "x-gitlab-event-uuid", "x-shopify-webhook-id", "x-request-id"};
  for (const std::string_view name : kNames)
    for (const auto& header : meta.headers())
      if (header.name() == name) return header.value();
  return "";
}

static Json row_of(const Id& id, const records::EventMeta& meta, std::string_view outcome,
                   uint64_t finished_at_ms) {
  const std::string own = own_id_of(meta);
  return {{"result", "accepted"},
          {"id", id.text()},
          {"sender_id", own.empty() ? Json(nullptr) : Json(own)},
          {"at", iso_time(id.time_ms())},
          {"outcome", outcome},
          {"finished_at", finished_at_ms ? Json(iso_time(finished_at_ms)) : Json(nullptr)},
          {"method", meta.method()},
          {"path", meta.path()}};
}

static Json row_of(const Rejection& one) {
  const ProblemKind& kind = problem_kind(one.code);
  return {{"result", "rejected"},
          {"at", iso_time(one.at_ms)},
          {"code", kind.word},
          {"detail", one.detail},
          {"retryable", kind.retryable},
          {"method", one.method},
          {"path", one.path},
          {"body_bytes", one.body_bytes},
          {"body_sha256", one.body_hash.empty() ? Json(nullptr) : Json(one.body_hash)}};
}

static Json row_of(const Copy& one) {
  return {{"result", "duplicate"}, {"id", one.first.text()}, {"at", iso_time(one.at_ms)}};
}

void Ledger::one(ExchangeId exchange, const std::string& trigger, Id id) {
  const auto cookie = context_.pending.read([this, exchange, trigger, id](queue::ReadDone& done) {
    answer_one(exchange, trigger, id, done);
  });
  context_.queue.read_run(id, false, cookie);
}

void Ledger::answer_one(ExchangeId exchange, const std::string& trigger, Id id,
                        queue::ReadDone& done) {
  if (!done.status.ok())
    return context_.server.respond(
        exchange, problem(Code::kInternal, "cannot read: " + done.status.message()));
  const auto& read = std::get<queue::RunRead>(done.value);
  records::EventMeta meta;
  Json rows = Json::array();
  // Another trigger's event is nobody's business here.
  if (read.event && meta.ParseFromString(read.event->meta) && meta.trigger() == trigger)
    rows.push_back(row_of(id, meta, status_word(read.status),
                          read.result ? read.result->finished_at_ms() : 0));
  for (const Copy& copy : context_.copies.of(trigger))
    if (!rows.empty() && copy.first == id) rows.insert(rows.begin(), row_of(copy));
  respond_json(context_.server, exchange, 200, {{"deliveries", rows}, {"next", nullptr}});
}

static bool is_named(const records::EventMeta& meta, const std::string& own_id) {
  return own_id_of(meta) == own_id || meta.dedup_key() == own_id;
}

/// Whether this event is on the page and has that name.
static bool names(const queue::ListPage& page, Id id, const std::string& own_id) {
  return std::ranges::any_of(page.entries, [&](const queue::ListEntry& entry) {
    return entry.id == id && is_named(entry.meta, own_id);
  });
}

void Ledger::answer_page(const Ask& ask, queue::ReadDone& done) {
  if (!done.status.ok())
    return context_.server.respond(
        ask.exchange, problem(Code::kInternal, "cannot read: " + done.status.message()));
  const auto& page = std::get<queue::ListPage>(done.value);
  Json rows = Json::array();
  const bool last_page = page.next.is_zero();
  const uint64_t oldest_ms =
      last_page || page.entries.empty() ? ask.query.since_ms : page.entries.back().id.time_ms();
  const uint64_t newest_ms = ask.first_page ? UINT64_MAX : ask.query.before.time_ms();
  // All lists are newest first; what is no event belongs to the page whose time it falls into.
  std::vector<std::pair<uint64_t, Json>> others;
  for (const Copy& copy : context_.copies.of(ask.trigger))
    if (ask.own_id.empty() || names(page, copy.first, ask.own_id))
      others.emplace_back(copy.at_ms, row_of(copy));
  if (ask.own_id.empty())
    for (const Rejection* refused : context_.rejections.of(ask.trigger))
      others.emplace_back(refused->at_ms, row_of(*refused));
  std::ranges::stable_sort(others, std::greater(), &std::pair<uint64_t, Json>::first);
  auto next_other = others.begin();
  const auto add_others = [&](uint64_t down_to_ms) {
    for (; next_other != others.end() && next_other->first >= down_to_ms; ++next_other)
      if (next_other->first < newest_ms && next_other->first >= oldest_ms)
        rows.push_back(std::move(next_other->second));
  };
  for (const queue::ListEntry& entry : page.entries) {
    if (!ask.own_id.empty() && !is_named(entry.meta, ask.own_id)) continue;
    add_others(entry.id.time_ms());
    const auto live = context_.queue.live(entry.id);
    const auto status = live ? live->status : entry.status;
    rows.push_back(row_of(entry.id, entry.meta,
                          entry.meta.filtered() ? "filtered" : status_word(status),
                          entry.result ? entry.result->finished_at_ms() : 0));
  }
  add_others(oldest_ms);
  const Json next = last_page || !ask.own_id.empty() ? Json(nullptr) : Json(page.next.text());
  respond_json(context_.server, ask.exchange, 200, {{"deliveries", rows}, {"next", next}});
}

}  // namespace penstock::gateway
