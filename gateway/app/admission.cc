#include "gateway/app/admission.h"

#include <algorithm>

#include "gateway/app/prefer.h"

namespace penstock::gateway {

AckPlan plan_ack(const Context& context, ExchangeId exchange,
                 const records::TriggerDefinition& trigger, const RequestHead& head) {
  AckPlan ack;
  ack.exchange = exchange;
  ack.captured = !trigger.active();
  if (trigger.durability() == "memory") ack.durability = Durability::kMemory;
  const Preference preference = parse_prefer(head.header("prefer").value_or(""));
  ack.hold = trigger.reply() || preference.wait_s.has_value();
  ack.wait_ms = trigger.reply_wait_ms() ? trigger.reply_wait_ms() : context.config.reply_wait_ms;
  if (preference.wait_s) {
    ack.wait_ms =
        std::min<uint64_t>(uint64_t{*preference.wait_s} * 1000, limits::reply_wait_ms_max);
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

queue::Cookie Admission::keep(const AckPlan& ack) {
  uint32_t slot = first_free_;
  if (slot == UINT32_MAX) {
    slot = static_cast<uint32_t>(acks_.size());
    acks_.push_back({ack});
  } else {
    first_free_ = acks_[slot].next_free;
    acks_[slot] = {ack};
  }
  return kAckBit | slot;
}

AckPlan Admission::take(queue::Cookie cookie) {
  const auto slot = static_cast<uint32_t>(cookie & ~kAckBit);
  const AckPlan ack = acks_[slot].ack;
  acks_[slot].next_free = first_free_;
  first_free_ = slot;
  return ack;
}

void Admission::admit(Delivery delivery) {
  const queue::Cookie cookie = keep(delivery.ack);
  queue::NewEvent event{std::move(delivery.meta), std::move(delivery.body),
                        delivery.ack.durability == Durability::kMemory};
  auto admitted = context_.queue.accept(std::move(event), cookie);
  const auto* rejected = std::get_if<Rejected>(&admitted);
  if (!rejected) return;
  take(cookie);
  context_.rejections.note(delivery.trigger->name(), rejected->code, rejected->detail);
  refuse(context_, delivery.ack.exchange, *rejected);
}

bool Admission::on_accepted(const queue::Accepted& accepted) {
  if (!(accepted.cookie & kAckBit)) return false;
  const AckPlan ack = take(accepted.cookie);
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
