#include "gateway/app/hooks.h"

#include <memory>

#include "gateway/app/jwks_cache.h"
#include "gateway/app/kept_head.h"

namespace penstock::gateway {

static constexpr size_t kParkedMax = 1'000;  // deliveries that wait for keys; refused beyond

static std::string_view token_of(std::string_view path) {
  path.remove_prefix(std::string_view("/hooks/").size());
  return path.substr(0, path.find('/'));
}

TriggerPtr Hooks::trigger_of(const RequestHead& head) const {
  return context_.catalog.trigger_by_token(token_of(head.path));
}

std::optional<Response> Hooks::refuse_head(const TriggerPtr& trigger, const RequestHead& head) {
  if (!trigger)
    return problem(Code::kUnknownTrigger, "No trigger has this URL; check the part after /hooks/.");
  if (auto answer = door_.answer_head(*trigger, head)) return answer;
  if (auto refused = intake_.refuse_method(*trigger, head)) return refused;
  if (auto refused = door_.refuse_head(*trigger, head)) return refused;
  return intake_.refuse_type(*trigger, head);
}

BodyPlan Hooks::on_head(const RequestHead& head) {
  const TriggerPtr trigger = trigger_of(head);
  BodyPlan plan;
  plan.refuse = refuse_head(trigger, head);
  if (!plan.refuse) {
    plan.bytes_max = trigger->body_bytes_max() ? trigger->body_bytes_max()
                                               : context_.config.body_bytes_max;
    if (head.content_length.value_or(0) > plan.bytes_max)
      plan.refuse = problem(Code::kPayloadTooLarge, "the body is larger than the limit");
  }
  if (plan.refuse)
    context_.rejections.note(trigger ? trigger->name() : std::string(), head, *plan.refuse);
  return plan;
}

void Hooks::refuse_delivery(ExchangeId exchange, const TriggerPtr& trigger,
                            const RequestHead& head, const Body& body, Response answer) {
  context_.rejections.note(trigger ? trigger->name() : std::string(), head, answer, body.view());
  context_.server.respond(exchange, std::move(answer));
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

void Hooks::on_request(ExchangeId exchange, const RequestHead& head, Body body) {
  const TriggerPtr trigger = trigger_of(head);
  if (park(exchange, trigger, head, body)) return;
  // The trigger may have changed since the head was let in.
  if (auto refused = refuse_head(trigger, head))
    return refuse_delivery(exchange, trigger, head, body, std::move(*refused));
  records::EventMeta meta = intake_.meta_of(*trigger, head);
  if (auto answer = door_.answer_body(*trigger, head, body.view(), meta))
    return refuse_delivery(exchange, trigger, head, body, std::move(*answer));
  if (const auto rejected = intake_.read(*trigger, head, body, meta)) {
    door_.take_back();
    return refuse_delivery(exchange, trigger, head, body,
                           problem(rejected->code, rejected->detail, {}, {},
                                   rejected->retry_after_s));
  }
  WorkflowPtr workflow =
      context_.catalog.workflow(trigger->workflow(), trigger->workflow_version());
  if (!workflow && trigger->active())
    return refuse(context_, exchange, {Code::kInternal, "The trigger's workflow is gone."});
  meta.set_workflow_version(workflow ? workflow->version() : 0);
  screening_.screen(Delivery{trigger, std::move(workflow), std::move(meta), std::move(body),
                             plan_ack(context_, exchange, *trigger, head)});
}

}  // namespace penstock::gateway
