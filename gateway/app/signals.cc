#include "gateway/app/signals.h"

#include <openssl/crypto.h>

#include "gateway/app/auth.h"
#include "gateway/app/bus_event.h"
#include "gateway/app/json_text.h"
#include "gateway/app/prefer.h"

namespace penstock::gateway {

static constexpr std::string_view kRuns = "/v1/runs/", kSignals = "/signals/";
static constexpr size_t kIdBytes = 36;

bool Signals::is_ours(std::string_view path) {
  return path.starts_with(kRuns) && path.size() > kRuns.size() + kIdBytes &&
         path.substr(kRuns.size() + kIdBytes).starts_with(kSignals);
}

BodyPlan Signals::on_head(const RequestHead&) {
  return BodyPlan{.bytes_max = limits::event_bytes_max};
}

static bool is_signal_name(std::string_view name) {
  if (name.empty() || name.size() > limits::name_bytes_max) return false;
  for (const char c : name)
    if (!isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') return false;
  return true;
}

std::string Signals::token_of(const Credentials& credentials, const Id& run,
                              std::string_view name) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::string hash =
      credentials.stored_key("signal " + run.text() + " " + std::string(name), 0).hash();
  std::string text;
  for (const char byte : hash.substr(0, 20)) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

void Signals::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  Ask ask;
  ask.exchange = exchange;
  const auto id = Id::from_text(head.path.substr(kRuns.size(), kIdBytes));
  ask.name = std::string(head.path.substr(kRuns.size() + kIdBytes + kSignals.size()));
  if (!id)
    return context_.server.respond(exchange, problem(Code::kUnknownRun, "No run has this id."));
  if (head.method != Method::kPost) {
    Response answer = problem(Code::kMethodNotAllowed, "Send a signal with POST.");
    answer.headers += "Allow: POST\r\n";
    return context_.server.respond(exchange, std::move(answer));
  }
  if (!is_signal_name(ask.name))
    return context_.server.respond(
        exchange, problem(Code::kBadRequest,
                          "A signal's name is 1 to 63 letters, digits, '-', '_' and '.'."));
  if (!body.empty()) {
    if (const auto fault = json_check_.refuse(body))
      return context_.server.respond(exchange, problem(Code::kInvalidJson, *fault));
  }
  ask.run = *id;
  ask.admin = is_admin(context_.credentials, head);
  ask.key = std::string(presented_key(head).value_or(""));
  ask.token = query_value(head.query, "token").value_or("");
  ask.body = std::string(body.view());
  const queue::Cookie cookie =
      context_.pending.read([this, ask](queue::ReadDone& done) { answer(ask, done); });
  context_.queue.read_run(ask.run, false, cookie);
}

std::optional<Response> Signals::refuse(const Ask& ask, const queue::RunRead& read) const {
  records::EventMeta meta;
  if (!read.event || !meta.ParseFromString(read.event->meta))
    return problem(Code::kUnknownRun, "No run has this id, or it is older than what is kept.");
  const std::string token = token_of(context_.credentials, ask.run, ask.name);
  const bool shown = token.size() == ask.token.size() &&
                     CRYPTO_memcmp(token.data(), ask.token.data(), token.size()) == 0;
  if (!ask.token.empty() && !shown && !ask.admin)
    return unauthorized("The token in this address is not the one of this signal.", {});
  if (!shown && meta.needs_key() && !ask.admin) {
    const TriggerPtr trigger = context_.catalog.trigger(meta.trigger());
    if (!trigger || !context_.credentials.matches(trigger->keys(), ask.key))
      return unauthorized(
          "This run takes signals with its trigger's API key, the admin token, or "
          "the address that the run shows while it waits.",
          {});
  }
  if (read.result || read.event->captured || read.expired)
    return problem(Code::kConflict, "The run has ended: it listens for nothing any more.",
                   "/v1/runs/" + ask.run.text(), ask.run.text());
  return std::nullopt;
}

void Signals::answer(const Ask& ask, queue::ReadDone& done) {
  if (!done.status.ok())
    return context_.server.respond(
        ask.exchange, problem(Code::kInternal, "The record of this run cannot be read."));
  const auto& read = std::get<queue::RunRead>(done.value);
  if (auto refused = refuse(ask, read))
    return context_.server.respond(ask.exchange, std::move(*refused));
  if (!context_.queue.writable())
    return context_.server.respond(
        ask.exchange, problem(Code::kStorageUnavailable, "The disk takes nothing now.", {}, {}, 5));
  const queue::Cookie cookie = ++last_;
  asked_.emplace(cookie, ask);
  context_.queue.signal(
      ask.run, signal_event(ids_.next(), ask.run, ask.name, ask.body, context_.clock.wall_ms()),
      cookie);
}

void Signals::on_signalled(const queue::Signalled& signalled) {
  auto entry = asked_.extract(signalled.cookie);
  if (entry.empty()) return;
  const Ask& ask = entry.mapped();
  const std::string where = "/v1/runs/" + ask.run.text();
  if (signalled.fate == queue::SignalFate::kKept) {
    Response answer;
    answer.status = 202;
    answer.headers = "Location: " + where + "\r\nPenstock-Durability: disk\r\n";
    answer.body = "{\"id\":\"" + ask.run.text() + "\",\"signal\":";
    append_json_string(answer.body, ask.name);
    answer.body += ",\"status\":\"delivered\"}\n";
    return context_.server.respond(ask.exchange, std::move(answer));
  }
  if (signalled.fate == queue::SignalFate::kUnknown)
    return context_.server.respond(
        ask.exchange,
        problem(Code::kConflict, "The run has ended: it listens for nothing any more.", where,
                ask.run.text()));
  context_.server.respond(ask.exchange,
                          problem(Code::kNotListening,
                                  "The run does not listen for the signal " + ask.name +
                                      " now; it would listen for an "
                                      "event of type " +
                                      std::string(signal_type_prefix) + ask.name + ".",
                                  where, ask.run.text()));
}

std::string Signals::json_of(const Context& context, const Id& run, const queue::LiveView& live) {
  std::string out;
  for (const records::EventFilter& filter : live.listens) {
    if (!filter.type().starts_with(signal_type_prefix)) continue;
    if (!filter.subject().empty() && filter.subject() != run.text()) continue;
    const std::string name = filter.type().substr(signal_type_prefix.size());
    if (!is_signal_name(name)) continue;
    out += out.empty() ? ",\"signals\":[{\"name\":" : ",{\"name\":";
    append_json_string(out, name);
    out += ",\"url\":";
    append_json_string(out, context.config.base_url() + "/v1/runs/" + run.text() + "/signals/" +
                                name + "?token=" + token_of(context.credentials, run, name));
    out += '}';
  }
  return out.empty() ? out : out + "]";
}

}  // namespace penstock::gateway
