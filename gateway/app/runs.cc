#include "gateway/app/runs.h"

#include <algorithm>
#include <charconv>

#include "gateway/app/auth.h"
#include "gateway/app/event_form.h"
#include "gateway/app/prefer.h"
#include "gateway/app/signals.h"

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

static void refuse_reader(Context& context, ExchangeId exchange) {
  const Code code = context.health.draining ? Code::kDraining : Code::kQueueFull;
  context.server.respond(exchange, problem(code, "No more readers now; come again.", {}, {}, 1));
}

BodyPlan Runs::on_head(const RequestHead&) { return BodyPlan{.bytes_max = 64 * 1024}; }

bool Runs::read_ask(ExchangeId exchange, const RequestHead& head, Ask& ask) {
  const std::string_view rest = head.path.substr(kPrefixBytes);
  const auto id = Id::from_text(rest.substr(0, kIdBytes));
  const std::string_view view = rest.size() > kIdBytes ? rest.substr(kIdBytes) : "";
  if (view == "/result") ask.view = View::kResult;
  else if (view == "/events") ask.view = View::kEvents;
  else if (view == "/cancel") ask.view = View::kCancel;
  else if (!view.empty()) return context_.server.respond(exchange, unknown_run()), false;
  if (!id) return context_.server.respond(exchange, unknown_run()), false;
  if (ask.view == View::kCancel && head.method != Method::kPost)
    return context_.server.respond(exchange, wrong_method("POST")), false;
  if (ask.view != View::kCancel && !reads(head.method))
    return context_.server.respond(exchange, wrong_method("GET, HEAD")), false;
  ask.exchange = exchange;
  ask.id = *id;
  ask.head_only = head.method == Method::kHead;
  ask.admin = is_admin(context_.credentials, head);
  if (ask.admin) ask.who = "admin@" + std::string(head.remote);
  ask.key = std::string(presented_key(head).value_or(""));
  ask.if_none_match = std::string(head.header("if-none-match").value_or(""));
  return true;
}

/// How long to wait: Prefer, or ?wait. A sentence when it is no time.
static std::string read_wait(const RequestHead& head, uint64_t& wait_ms) {
  const auto prefer = parse_prefer(head.header("prefer").value_or(""));
  if (prefer.wait_s) wait_ms = uint64_t{*prefer.wait_s} * 1000;
  if (const auto wait = query_value(head.query, "wait")) {
    const auto read_ms = parse_wait_ms(*wait);
    if (!read_ms) return "wait is a number of seconds, such as ?wait=30";
    wait_ms = *read_ms;
  }
  wait_ms = std::min<uint64_t>(wait_ms, limits::reply_wait_ms_max);
  return "";
}

/// Where a reader goes on: Last-Event-ID, or ?last_event_id.
static std::string read_after(const RequestHead& head, int64_t& after) {
  auto text = query_value(head.query, "last_event_id");
  if (const auto header = head.header("last-event-id")) text = std::string(*header);
  if (!text || text->empty()) return "";
  const auto read = std::from_chars(text->data(), text->data() + text->size(), after);
  const bool whole = read.ec == std::errc() && read.ptr == text->data() + text->size();
  return whole && after >= -1 ? "" : "Last-Event-ID is the id of an event of this stream";
}

void Runs::on_request(ExchangeId exchange, const RequestHead& head) {
  Ask ask;
  if (!read_ask(exchange, head, ask)) return;
  std::string wrong = read_wait(head, ask.wait_ms);
  if (wrong.empty() && ask.view == View::kEvents) wrong = read_after(head, ask.after);
  if (!wrong.empty())
    return context_.server.respond(exchange, problem(Code::kBadRequest, wrong));
  const queue::Cookie cookie = context_.pending.read(
      [this, ask](queue::ReadDone& done) { answer_ask(ask, done); });
  context_.queue.read_run(ask.id, false, cookie);
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
  const bool says = ask.view == View::kResult || ask.view == View::kEvents;
  if (read.expired && (says || (ask.view == View::kStatus && !read.remains)))
    return expired_run(ask.id);
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
  if (!read->result && !read->expired) read->result = context_.queue.cached_result(ask.id);
  if (auto refused = refuse(ask, *read, meta))
    return context_.server.respond(ask.exchange, std::move(*refused));
  hang_ups_.returned(ask.id);
  if (ask.view == View::kCancel) return cancel(ask, *read);
  if (ask.view == View::kEvents) return show_events(ask, *read);
  show(ask, std::move(read));
}

void Runs::show(const Ask& ask, std::shared_ptr<const queue::RunRead> read) {
  const auto live = context_.queue.live(ask.id);
  const bool replied = ask.view == View::kResult && live && live->reply_piece;
  const bool ended = read->result != nullptr || read->event->captured || replied || read->remains;
  if (!ended && ask.wait_ms > 0 && !context_.waiters.full() && !context_.health.draining) {
    const auto kind = ask.view == View::kResult ? Waiter::Kind::kResult : Waiter::Kind::kStatus;
    Waiter waiter{ask.exchange, kind, ask.id, context_.clock.monotonic_ms() + ask.wait_ms};
    waiter.read = std::move(read);
    context_.waiters.add(std::move(waiter));
    return;
  }
  if (ask.view == View::kStatus)
    return context_.server.respond(ask.exchange, status_answer(ask.id, *read));
  show_result(ask, *read);
}

void Runs::show_result(const Ask& ask, const queue::RunRead& read) {
  if (read.event->captured)
    return context_.server.respond(
        ask.exchange, problem(Code::kNotFound, "A captured sample starts no run and has no result.",
                              {}, ask.id.text()));
  const auto live = context_.queue.live(ask.id);
  const uint32_t reply = read.result ? read.result->reply_piece() : live ? live->reply_piece : 0;
  if (reply) {  // it came before the end: it is a part of the stream
    const auto cookie = context_.pending.read(
        [this, ask](queue::ReadDone& done) { show_reply(ask, done); });
    return context_.queue.read_stream(ask.id, reply - 1, 1, cookie);
  }
  if (!read.result)
    return context_.server.respond(ask.exchange, pending_answer(ask.id, std::nullopt));
  respond_tagged(ask, render_outcome(ask.id, *read.result));
}

void Runs::show_reply(const Ask& ask, queue::ReadDone& done) {
  records::Outcome reply;
  const auto* page = std::get_if<queue::StreamPage>(&done.value);
  if (!done.status.ok() || !page || page->pieces.empty() ||
      !reply.ParseFromString(page->pieces[0]->data()))
    return context_.server.respond(
        ask.exchange, problem(Code::kInternal, "The reply cannot be read.", {}, ask.id.text()));
  respond_tagged(ask, render_reply(ask.id, reply));
}

/// Whether If-None-Match names this tag; weak ones compare alike here.
static bool names_tag(std::string_view header, std::string_view tag) {
  return header.find(tag) != std::string_view::npos || header == "*";
}

void Runs::respond_tagged(const Ask& ask, Response answer) {
  const std::string tag = "\"" + ask.id.text() + "\"";  // a reply is written once
  if (answer.status < 300 && names_tag(ask.if_none_match, tag)) {
    answer.status = 304;
    answer.body.clear();
  }
  answer.headers += "ETag: " + tag + "\r\nCache-Control: private\r\n";
  context_.server.respond(ask.exchange, std::move(answer));
}

void Runs::show_events(const Ask& ask, const queue::RunRead& read) {
  auto form = std::make_unique<EventForm>(ask.id, ask.after);
  if (ask.head_only) {
    context_.server.stream_begin(ask.exchange, form->head());
    return context_.server.stream_end(ask.exchange);
  }
  const bool captured = read.event->captured;
  if (captured ? ask.after >= 0 : read.result && ask.after >= EventForm::last_id(*read.result)) {
    Response nothing;  // an EventSource then stops asking
    nothing.status = 204;
    return context_.server.respond(ask.exchange, std::move(nothing));
  }
  if (captured) {
    Response answer = form->head();
    form->status(records::CAPTURED, answer.body);
    return context_.server.respond(ask.exchange, std::move(answer));
  }
  if (context_.streams.full() || (context_.health.draining && !read.result))
    return refuse_reader(context_, ask.exchange);
  const auto live = context_.queue.live(ask.id);
  const auto status = read.result ? records::QUEUED : live ? live->status : read.status;
  context_.streams.add({ask.exchange, ask.id, std::move(form), EventForm::first_piece(ask.after),
                        false, read.result, {}},
                       status);
}

Response Runs::status_answer(Id id, const queue::RunRead& read) const {
  records::EventMeta meta;
  meta.ParseFromString(read.event->meta);
  const auto live = context_.queue.live(id);
  RunFacts facts;
  facts.id = id;
  facts.meta = &meta;
  facts.body_bytes = read.event->body.size();
  facts.result = (read.remains ? read.remains : read.result).get();
  facts.live = live ? &*live : nullptr;
  facts.stored = read.live.get();
  facts.result_retention_ms = context_.config.result_retention_ms;
  facts.drain_rate = context_.queue.drain_rate();
  Response answer;
  answer.body = run_json(facts);
  if (live && !live->listens.empty())
    answer.body.insert(answer.body.rfind('}'), Signals::json_of(context_, id, *live));
  answer.headers = "Cache-Control: no-store\r\n";
  return answer;
}

Response Runs::pending_answer(Id id, std::optional<uint32_t> applied_wait_s) const {
  const auto live = context_.queue.live(id);
  return render_pending(id, live ? &*live : nullptr, context_.queue.drain_rate(), applied_wait_s);
}

void Runs::cancel(const Ask& ask, const queue::RunRead& read) {
  if (read.result || read.remains || read.event->captured) {
    RunFacts facts;
    facts.result = (read.remains ? read.remains : read.result).get();
    records::EventMeta meta;
    meta.set_captured(read.event->captured);
    facts.meta = &meta;
    return context_.server.respond(
        ask.exchange, render_accepted(ask.id, run_status(facts), Durability::kDisk));
  }
  const queue::Cookie cookie = context_.pending.cancel(
      [this, exchange = ask.exchange, id = ask.id](bool known) { on_cancelled(exchange, id, known); });
  if (ask.admin) context_.queue.audit({ask.who, "run.cancel", ask.id.text(), "{}"});
  context_.queue.cancel(ask.id, cookie);
}

void Runs::on_cancelled(ExchangeId exchange, Id id, bool) {
  // Ended may have come first, by the run itself: then that is its status, and cancel is no error.
  const queue::ResultPtr result = context_.queue.cached_result(id);
  const auto status = result ? result->outcome().status() : records::CANCELLED;
  context_.server.respond(exchange, render_accepted(id, status_word(status), Durability::kDisk));
}

}  // namespace penstock::gateway
