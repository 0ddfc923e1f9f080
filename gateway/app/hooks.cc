#include "gateway/app/hooks.h"

#include <strings.h>

#include <algorithm>

#include "gateway/app/auth.h"
#include "gateway/app/prefer.h"

namespace penstock::gateway {

static constexpr std::string_view kPrefix = "/hooks/";

static std::string_view token_of(std::string_view path) {
  path.remove_prefix(kPrefix.size());
  return path.substr(0, path.find('/'));
}

/// What comes below /hooks/{token}: "" or "/…".
static std::string_view rest_of(std::string_view path) {
  path.remove_prefix(kPrefix.size());
  const size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash);
}

/// JSON by its media type; no type at all; or what curl -d says when nobody told it better, in
/// which case the body decides.
static bool may_be_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  const auto is = [type](std::string_view other) {
    return type.size() == other.size() && strncasecmp(type.data(), other.data(), type.size()) == 0;
  };
  if (type.empty() || is("application/json") || is("text/json")) return true;
  if (is("application/x-www-form-urlencoded")) return true;
  return type.size() > 5 && strncasecmp(type.data() + type.size() - 5, "+json", 5) == 0;
}

static bool is_form(std::string_view type) {
  return strncasecmp(type.data(), "application/x-www-form-urlencoded",
                     std::min<size_t>(type.size(), 33)) == 0 && type.size() >= 33;
}

TriggerPtr Hooks::trigger_of(const RequestHead& head) const {
  return context_.catalog.trigger_by_token(token_of(head.path));
}

std::optional<Response> Hooks::refuse_head(const TriggerPtr& trigger,
                                           const RequestHead& head) const {
  if (!trigger)
    return problem(Code::kUnknownTrigger, "No trigger has this URL; check the part after /hooks/.");
  if (head.method != Method::kPost) {
    Response answer = problem(Code::kMethodNotAllowed, "Send events to this URL with POST.");
    answer.headers += "Allow: POST\r\n";
    return answer;
  }
  if (!opens(context_.credentials, *trigger, head))
    return unauthorized(presented_key(head) ? "The API key is not one of this trigger's."
                                            : "This trigger wants its API key in x-api-key or as "
                                              "Authorization: Bearer.", {});
  if (!may_be_json(head.header("content-type").value_or("")))
    return problem(Code::kUnsupportedMediaType, "Send JSON with Content-Type: application/json.");
  return std::nullopt;
}

BodyPlan Hooks::on_head(const RequestHead& head) {
  const TriggerPtr trigger = trigger_of(head);
  BodyPlan plan;
  plan.refuse = refuse_head(trigger, head);
  if (!plan.refuse)
    plan.bytes_max = trigger->body_bytes_max() ? trigger->body_bytes_max()
                                               : context_.config.body_bytes_max;
  return plan;
}

records::EventMeta Hooks::meta_of(const records::TriggerDefinition& trigger,
                                  const RequestHead& head, const WorkflowPtr& workflow) const {
  records::EventMeta meta;
  meta.set_trigger(trigger.name());
  meta.set_trigger_version(trigger.version());
  meta.set_workflow(trigger.workflow());
  meta.set_workflow_version(workflow ? workflow->version() : 0);
  meta.set_captured(!trigger.active());
  meta.set_needs_key(trigger.require_key());
  meta.set_method(std::string(head.method_text));
  meta.set_path(std::string(rest_of(head.path)));
  meta.set_query(std::string(head.query));
  meta.set_remote(std::string(head.remote));
  meta.set_attempts_max(trigger.attempts_max());
  meta.set_type(trigger.event_type());
  for (const auto& [name, value] : head.headers) {
    if (is_credential_header(name)) continue;
    std::string lower(name);
    for (char& c : lower) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
    if (lower == "content-type") meta.set_content_type(std::string(value));
    if (lower == "penstock-tag") meta.set_tag(std::string(value.substr(0, 128)));
    records::Header& kept = *meta.add_headers();
    kept.set_name(std::move(lower));
    kept.set_value(std::string(value));
  }
  return meta;
}

Hooks::Ack Hooks::plan_ack(ExchangeId exchange, const records::TriggerDefinition& trigger,
                           const RequestHead& head) const {
  Ack ack;
  ack.exchange = exchange;
  ack.captured = !trigger.active();
  if (trigger.durability() == "memory") ack.durability = Durability::kMemory;
  const Preference preference = parse_prefer(head.header("prefer").value_or(""));
  ack.hold = trigger.reply() || preference.wait_s.has_value();
  ack.wait_ms = trigger.reply_wait_ms() ? trigger.reply_wait_ms() : context_.config.reply_wait_ms;
  if (preference.wait_s) {
    ack.wait_ms = std::min<uint64_t>(uint64_t{*preference.wait_s} * 1000, limits::reply_wait_ms_max);
    ack.applied_wait_s = static_cast<uint32_t>(ack.wait_ms / 1000);
  }
  if (preference.respond_async) {
    ack.hold = false;
    ack.async_applied = true;
    ack.applied_wait_s.reset();
  }
  if (ack.captured) ack.hold = false;
  return ack;
}

queue::Cookie Hooks::keep(Ack ack) {
  uint32_t slot = first_free_;
  if (slot == UINT32_MAX) {
    slot = static_cast<uint32_t>(acks_.size());
    acks_.push_back(std::move(ack));
  } else {
    first_free_ = acks_[slot].next_free;
    acks_[slot] = std::move(ack);
  }
  return kAckBit | slot;
}

Hooks::Ack Hooks::take(queue::Cookie cookie) {
  const auto slot = static_cast<uint32_t>(cookie & ~kAckBit);
  Ack ack = acks_[slot];
  acks_[slot].next_free = first_free_;
  first_free_ = slot;
  return ack;
}

void Hooks::refuse(ExchangeId exchange, const RequestHead& head, const Rejected& rejected) {
  context_.server.respond(
      exchange, problem(rejected.code, rejected.detail, {}, {}, rejected.retry_after_s));
  if (context_.log.enabled(LogLevel::kDebug))
    context_.log.debug("refused", {{"code", problem_kind(rejected.code).word},
                                   {"remote", head.remote}});
}

void Hooks::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  const TriggerPtr trigger = trigger_of(head);
  // The trigger may have changed since the head was let in.
  if (auto refused = refuse_head(trigger, head)) {
    context_.server.respond(exchange, std::move(*refused));
    return;
  }
  if (const auto fault = json_check_.refuse(body)) {
    const bool form = is_form(head.header("content-type").value_or("")) && !body.empty();
    refuse(exchange, head, form ? Rejected{Code::kUnsupportedMediaType,
                                           "This is a form, not JSON; send Content-Type: "
                                           "application/json."}
                                : Rejected{Code::kInvalidJson, *fault});
    return;
  }
  const WorkflowPtr workflow =
      context_.catalog.workflow(trigger->workflow(), trigger->workflow_version());
  if (!workflow && trigger->active()) {
    refuse(exchange, head, {Code::kInternal, "The trigger's workflow is gone."});
    return;
  }
  const Ack ack = plan_ack(exchange, *trigger, head);
  const queue::Cookie cookie = keep(ack);
  queue::NewEvent event{meta_of(*trigger, head, workflow), std::move(body),
                        ack.durability == Durability::kMemory};
  auto admitted = context_.queue.accept(std::move(event), cookie);
  if (const auto* rejected = std::get_if<Rejected>(&admitted)) {
    take(cookie);
    refuse(exchange, head, *rejected);
  }
}

bool Hooks::on_accepted(const queue::Accepted& accepted) {
  if (!(accepted.cookie & kAckBit)) return false;
  const Ack ack = take(accepted.cookie);
  if (ack.hold && ack.wait_ms > 0 && !context_.waiters.full() && !context_.health.draining) {
    Waiter waiter{ack.exchange, Waiter::Kind::kReply, accepted.id,
                  context_.clock.monotonic_ms() + ack.wait_ms, ack.applied_wait_s};
    context_.waiters.add(std::move(waiter));
    return true;
  }
  Response answer = render_accepted(accepted.id, ack.captured ? "captured" : "queued",
                                    ack.durability,
                                    ack.hold ? std::optional<uint32_t>(1) : std::nullopt,
                                    ack.hold ? ack.applied_wait_s : std::nullopt);
  if (ack.async_applied) answer.headers += "Preference-Applied: respond-async\r\n";
  context_.server.respond(ack.exchange, std::move(answer));
  return true;
}

}  // namespace penstock::gateway
