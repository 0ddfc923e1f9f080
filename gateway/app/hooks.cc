#include "gateway/app/hooks.h"

#include <memory>

#include "gateway/app/guard.h"
#include "gateway/app/jwks_cache.h"
#include "gateway/app/kept_head.h"
#include "proto/sha256.h"

namespace penstock::gateway {

static constexpr size_t kParkedMax = 1'000;  // deliveries that wait for keys; refused beyond

static std::string_view token_of(std::string_view path) {
  path.remove_prefix(std::string_view("/hooks/").size());
  return path.substr(0, path.find('/'));
}

/// Penstock-Receipt: ?1 (a structured boolean, RFC 8941), or the trigger gives them to all.
static bool wants_receipt(const records::TriggerDefinition& trigger, const RequestHead& head) {
  const auto asked = head.header("penstock-receipt");
  return asked ? *asked == "?1" || *asked == "1" || *asked == "true" : trigger.intake().receipts();
}

TriggerPtr Hooks::trigger_of(const RequestHead& head) const {
  return context_.catalog.trigger_by_token(token_of(head.path));
}

std::optional<Response> Hooks::refuse_head(const TriggerPtr& trigger, const RequestHead& head) {
  if (!trigger)
    return problem(Code::kUnknownTrigger, "No trigger has this URL; check the part after /hooks/.");
  const OpenAiRoute route = OpenAiRoute::of(hook_path(head.path));
  const bool delivers = route.kind == OpenAiRoute::Kind::kNone || route.starts();
  if (route.kind == OpenAiRoute::Kind::kNone)
    if (auto answer = door_.answer_head(*trigger, head)) return answer;
  auto refused = route.kind == OpenAiRoute::Kind::kNone ? intake_.refuse_method(*trigger, head)
                                                        : OpenAiApi::refuse_method(route, head);
  if (!refused) refused = door_.refuse_head(*trigger, head);
  if (!refused && delivers) refused = intake_.refuse_type(*trigger, head);
  return refused;
}

/// A refusal as the caller of this address knows them.
static Response told_as(const RequestHead& head, Response refusal) {
  const bool openai = OpenAiRoute::of(hook_path(head.path)).kind != OpenAiRoute::Kind::kNone;
  return openai ? openai_refusal(std::move(refusal)) : refusal;
}

BodyPlan Hooks::on_head(const RequestHead& head) {
  const TriggerPtr trigger = trigger_of(head);
  BodyPlan plan;
  plan.refuse = refuse_head(trigger, head);
  if (!plan.refuse) {
    plan.bytes_max = intake_.bytes_max(*trigger, head);
    if (head.content_length.value_or(0) > plan.bytes_max)
      plan.refuse = problem(Code::kPayloadTooLarge, "the body is larger than the limit");
  }
  // Last, so that only those who are let in use it up.
  if (!plan.refuse) plan.refuse = admission_.refuse_rate(*trigger);
  if (plan.refuse)
    context_.rejections.note(trigger ? trigger->name() : std::string(), head, *plan.refuse);
  if (plan.refuse) plan.refuse = told_as(head, *std::move(plan.refuse));
  return plan;
}

void Hooks::refuse_delivery(ExchangeId exchange, const TriggerPtr& trigger,
                            const RequestHead& head, const Body& body, Response answer) {
  context_.rejections.note(trigger ? trigger->name() : std::string(), head, answer, body.view());
  context_.server.respond(exchange, told_as(head, std::move(answer)));
}

bool Hooks::park(ExchangeId exchange, const TriggerPtr& trigger, const RequestHead& head,
                 Body& body) {
  const auto url = trigger ? door_.waits_for(*trigger, head) : std::nullopt;
  if (!url || parked_ >= kParkedMax) return false;
  struct Parked {
    Parked(const RequestHead& seen, Body came) : head(seen), body(std::move(came)) {}
    KeptHead head;
    Body body;
  };
  const auto parked = std::make_shared<Parked>(head, std::move(body));
  parked_++;
  context_.jwks.when_fetched(*url, [this, exchange, parked] {
    parked_--;
    on_request(exchange, parked->head.head(), std::move(parked->body));
  });
  return true;
}

void Hooks::refuse_screened(const Delivery& delivery, Screening::Refusal refusal) {
  if (delivery.ack.item)
    return batches_.refused(delivery.ack.item, {refusal.code, std::move(refusal.detail)});
  context_.guard.forget_signature(delivery.signature);
  context_.rejections.note(delivery.trigger->name(), refusal.code, refusal.detail);
  if (delivery.ack.openai) refusal.answer = openai_refusal(std::move(refusal.answer));
  context_.server.respond(delivery.ack.exchange, std::move(refusal.answer));
}

void Hooks::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  const TriggerPtr trigger = trigger_of(head);
  if (park(exchange, trigger, head, body)) return;
  // The trigger may have changed since the head was let in.
  if (auto refused = refuse_head(trigger, head))
    return refuse_delivery(exchange, trigger, head, body, std::move(*refused));
  const OpenAiRoute route = OpenAiRoute::of(hook_path(head.path));
  if (route.kind != OpenAiRoute::Kind::kNone && !route.starts())
    return openai_.on_request(exchange, head, route, *trigger);
  records::EventMeta meta = intake_.meta_of(*trigger, head);
  if (auto answer = door_.answer_body(*trigger, head, body.view(), meta))
    return refuse_delivery(exchange, trigger, head, body, std::move(*answer));
  AckPlan ack = admission_.plan_ack(exchange, trigger, head);
  if (wants_receipt(*trigger, head)) ack.body_sha256 = sha256_hex(body.view());
  // From here on the body is no more what was signed.
  auto rejected = intake_.unpack(*trigger, head, body);
  const Shape shape = intake_.shape(*trigger, head, body);
  if (!rejected && shape == Shape::kOne) rejected = intake_.read(*trigger, head, body, meta);
  const auto not_kept = [&](Response answer) {
    context_.guard.forget_signature(door_.last_signature());
    refuse_delivery(exchange, trigger, head, body, std::move(answer));
  };
  if (rejected)
    return not_kept(problem(rejected->code, rejected->detail, {}, {}, rejected->retry_after_s));
  WorkflowPtr workflow =
      context_.catalog.workflow(trigger->workflow(), trigger->workflow_version());
  if (!workflow && trigger->active())
    return not_kept(problem(Code::kInternal, "The trigger's workflow is gone."));
  meta.set_workflow_version(workflow ? workflow->version() : 0);
  if (route.starts()) {
    auto call = OpenAiCall::of(route, body.view());
    if (const auto* refused = std::get_if<Rejected>(&call))
      return not_kept(problem(refused->code, refused->detail));
    ack.openai = std::make_shared<const OpenAiCall>(std::get<OpenAiCall>(std::move(call)));
    ack.wait_ms = limits::reply_wait_ms_max;  // their clients set the time
    meta.set_reply_form(ack.openai->chat ? "chat" : "responses");
  }
  Delivery delivery{trigger, std::move(workflow), std::move(meta), std::move(body),
                    std::move(ack), door_.last_signature()};
  if (shape != Shape::kOne) return batches_.take({std::move(delivery), shape});
  screening_.screen(std::move(delivery));
}

}  // namespace penstock::gateway
