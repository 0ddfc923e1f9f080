#include "gateway/app/runs.h"

#include <algorithm>

#include "gateway/app/auth.h"
#include "gateway/app/prefer.h"

namespace penstock::gateway {

static constexpr size_t kPrefixBytes = std::string_view("/v1/runs/").size();
static constexpr size_t kIdBytes = 36;

static Response unknown_run() {
  return problem(Code::kUnknownRun, "No run has this id, or it is older than what is kept.");
}

static Response wrong_method(std::string_view allowed) {
  Response answer = problem(Code::kMethodNotAllowed, "This address takes " + std::string(allowed));
  answer.headers.append("Allow: ").append(allowed).append("\r\n");
  return answer;
}

static bool reads(Method method) { return method == Method::kGet || method == Method::kHead; }

BodyPlan Runs::on_head(const RequestHead&) { return BodyPlan{.bytes_max = 64 * 1024}; }

void Runs::on_request(ExchangeId exchange, const RequestHead& head) {
  Ask ask;
  ask.exchange = exchange;
  const std::string_view rest = head.path.substr(kPrefixBytes);
  const auto id = Id::from_text(rest.substr(0, kIdBytes));
  const std::string_view view = rest.size() > kIdBytes ? rest.substr(kIdBytes) : "";
  if (view == "/result") ask.view = View::kResult;
  else if (view == "/cancel") ask.view = View::kCancel;
  else if (!view.empty() || !id) return context_.server.respond(exchange, unknown_run());
  if (!id) return context_.server.respond(exchange, unknown_run());
  if (ask.view == View::kCancel && head.method != Method::kPost)
    return context_.server.respond(exchange, wrong_method("POST"));
  if (ask.view != View::kCancel && !reads(head.method))
    return context_.server.respond(exchange, wrong_method("GET, HEAD"));
  ask.id = *id;
  ask.admin = is_admin(context_.credentials, head);
  ask.key = std::string(presented_key(head).value_or(""));
  ask.if_none_match = std::string(head.header("if-none-match").value_or(""));
  const auto prefer = parse_prefer(head.header("prefer").value_or(""));
  if (prefer.wait_s) ask.wait_ms = uint64_t{*prefer.wait_s} * 1000;
  if (const auto wait = query_value(head.query, "wait")) {
    const auto wait_ms = parse_wait_ms(*wait);
    if (!wait_ms)
      return context_.server.respond(
          exchange, problem(Code::kBadRequest, "wait is a number of seconds, such as ?wait=30"));
    ask.wait_ms = *wait_ms;
  }
  ask.wait_ms = std::min<uint64_t>(ask.wait_ms, limits::reply_wait_ms_max);
  const queue::Cookie cookie = context_.pending.read(
      [this, ask](queue::ReadDone& done) { answer_ask(ask, done); });
  context_.queue.read_run(*id, false, cookie);
}

static Response expired_run(const Id& id) {
  return problem(Code::kResultExpired, "It was kept for its time and is gone.",
                 "/v1/runs/" + id.text(), id.text());
}

std::optional<Response> Runs::refuse(const Ask& ask, const queue::RunRead& read,
                                     const records::EventMeta& meta) const {
  if (meta.needs_key() && !ask.admin) {
    const TriggerPtr trigger = context_.catalog.trigger(meta.trigger());
    if (!trigger || !context_.credentials.matches(trigger->keys(), ask.key))
      return unauthorized("This run is read with its trigger's API key or the admin token.", {});
  }
  if (ask.view == View::kResult && read.expired && !read.result) return expired_run(ask.id);
  return std::nullopt;
}

void Runs::answer_ask(const Ask& ask, queue::ReadDone& done) {
  if (!done.status.ok()) {
    context_.log.error("cannot read a run",
                       {{"id", ask.id.text()}, {"fault", done.status.message()}});
    return context_.server.respond(
        ask.exchange, problem(Code::kInternal, "The record of this run cannot be read.", {},
                              ask.id.text()));
  }
  auto read = std::make_shared<queue::RunRead>(std::move(std::get<queue::RunRead>(done.value)));
  records::EventMeta meta;
  if (!read->event || !meta.ParseFromString(read->event->meta))
    return context_.server.respond(ask.exchange,
                                   read->expired ? expired_run(ask.id) : unknown_run());
  // It may have ended between the read and now.
  if (!read->result) read->result = context_.queue.cached_result(ask.id);
  if (auto refused = refuse(ask, *read, meta))
    return context_.server.respond(ask.exchange, std::move(*refused));
  if (ask.view == View::kCancel) return cancel(ask, *read);
  show(ask, std::move(read));
}

void Runs::show(const Ask& ask, std::shared_ptr<const queue::RunRead> read) {
  const bool ended = read->result != nullptr || read->event->captured || read->expired;
  if (!ended && ask.wait_ms > 0 && !context_.waiters.full() && !context_.health.draining) {
    const auto kind = ask.view == View::kResult ? Waiter::Kind::kResult : Waiter::Kind::kStatus;
    context_.waiters.add(Waiter{ask.exchange, kind, ask.id,
                                context_.clock.monotonic_ms() + ask.wait_ms, std::nullopt,
                                std::move(read)});
    return;
  }
  if (ask.view == View::kStatus)
    return context_.server.respond(ask.exchange, status_answer(ask.id, *read));
  if (read->event->captured)
    return context_.server.respond(
        ask.exchange, problem(Code::kNotFound, "A captured sample starts no run and has no result.",
                              {}, ask.id.text()));
  if (!read->result)
    return context_.server.respond(ask.exchange, pending_answer(ask.id, std::nullopt));
  Response answer = render_outcome(ask.id, *read->result);
  const std::string etag = "\"" + ask.id.text() + "\"";  // a result is written once
  if (answer.status < 300 && ask.if_none_match == etag) {
    answer.status = 304;
    answer.body.clear();
  }
  answer.headers += "ETag: " + etag + "\r\n";
  context_.server.respond(ask.exchange, std::move(answer));
}

Response Runs::status_answer(Id id, const queue::RunRead& read) const {
  records::EventMeta meta;
  meta.ParseFromString(read.event->meta);
  const auto live = context_.queue.live(id);
  RunFacts facts;
  facts.id = id;
  facts.meta = &meta;
  facts.body_bytes = read.event->body.size();
  facts.result = read.result.get();
  facts.live = live ? &*live : nullptr;
  facts.stored = read.live.get();
  facts.result_retention_ms = context_.config.result_retention_ms;
  facts.drain_rate = context_.queue.drain_rate();
  Response answer;
  answer.body = run_json(facts);
  answer.headers = "Cache-Control: no-store\r\n";
  return answer;
}

Response Runs::pending_answer(Id id, std::optional<uint32_t> applied_wait_s) const {
  const auto live = context_.queue.live(id);
  const std::string_view status = live ? status_word(live->status) : "queued";
  return render_accepted(id, status, Durability::kDisk, 1, applied_wait_s);
}

void Runs::on_ended(const queue::Ended& ended) {
  for (const Waiter& waiter : context_.waiters.take(ended.id)) {
    if (waiter.kind != Waiter::Kind::kStatus) {
      Response answer = render_outcome(ended.id, *ended.result);
      if (waiter.kind == Waiter::Kind::kReply) answer.headers += "Penstock-Durability: disk\r\n";
      context_.server.respond(waiter.exchange, std::move(answer));
      continue;
    }
    queue::RunRead read = *waiter.read;
    read.result = ended.result;
    context_.server.respond(waiter.exchange, status_answer(ended.id, read));
  }
}

void Runs::end_wait(const Waiter& waiter) {
  context_.server.respond(waiter.exchange,
                          waiter.kind == Waiter::Kind::kStatus
                              ? status_answer(waiter.id, *waiter.read)
                              : pending_answer(waiter.id, waiter.applied_wait_s));
}

void Runs::expire(uint64_t now_ms) {
  if (context_.waiters.next_deadline_ms() > now_ms) return;
  for (const Waiter& waiter : context_.waiters.take_expired(now_ms)) end_wait(waiter);
}

void Runs::release_unstarted() {
  for (Waiter& waiter : context_.waiters.take_all()) {
    const auto live = context_.queue.live(waiter.id);
    if (live && live->status == records::RUNNING) context_.waiters.add(std::move(waiter));
    else end_wait(waiter);
  }
}

void Runs::release_all() {
  for (const Waiter& waiter : context_.waiters.take_all()) end_wait(waiter);
}

void Runs::cancel(const Ask& ask, const queue::RunRead& read) {
  if (read.result || read.event->captured) {
    RunFacts facts;
    facts.result = read.result.get();
    records::EventMeta meta;
    meta.set_captured(read.event->captured);
    facts.meta = &meta;
    return context_.server.respond(
        ask.exchange, render_accepted(ask.id, run_status(facts), Durability::kDisk));
  }
  const queue::Cookie cookie = context_.pending.cancel(
      [this, exchange = ask.exchange, id = ask.id](bool known) { on_cancelled(exchange, id, known); });
  context_.queue.cancel(ask.id, cookie);
}

void Runs::on_cancelled(ExchangeId exchange, Id id, bool) {
  // Ended may have come first, by the run itself: then that is its status, and cancel is no error.
  const queue::ResultPtr result = context_.queue.cached_result(id);
  const auto status = result ? result->outcome().status() : records::CANCELLED;
  context_.server.respond(exchange, render_accepted(id, status_word(status), Durability::kDisk));
}

}  // namespace penstock::gateway
