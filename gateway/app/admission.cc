#include "gateway/app/admission.h"

#include <algorithm>

#include "gateway/app/bus.h"
#include "gateway/app/event_form.h"
#include "gateway/app/flow_keys.h"
#include "gateway/app/guard.h"
#include "gateway/app/json_text.h"
#include "gateway/app/key_path.h"
#include "gateway/app/prefer.h"

namespace penstock::gateway {

static constexpr std::string_view kCopy = "Penstock-Duplicate: true\r\n";
static constexpr std::string_view kShared = "Penstock-Single-Flight: shared\r\n";

std::optional<Response> Admission::refuse_rate(const records::TriggerDefinition& trigger) {
  auto refused = rates_.refuse(trigger, context_.clock.monotonic_us());
  if (refused) context_.health.rate_limited++;
  return refused;
}

AckPlan Admission::plan_ack(ExchangeId exchange, const TriggerPtr& trigger,
                            const RequestHead& head) {
  AckPlan ack;
  ack.exchange = exchange;
  ack.captured = !trigger->active();
  ack.conflict = trigger->flow().dedup_conflict();
  ack.trigger = trigger;
  ack.rate = rates_.state(*trigger, context_.clock.monotonic_us());
  if (trigger->durability() == "memory") ack.durability = Durability::kMemory;
  const Preference preference = parse_prefer(head.header("prefer").value_or(""));
  ack.hold = trigger->reply() || preference.wait_s.has_value();
  ack.wait_ms = trigger->reply_wait_ms() ? trigger->reply_wait_ms() : context_.config.reply_wait_ms;
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
  ack.stream = ack.hold && wants_events(head.header("accept").value_or(""));
  ack.hang_up = HangUp::of(*trigger);
  return ack;
}

queue::Cookie Admission::keep(AckPlan ack) {
  uint32_t slot = first_free_;
  if (slot == UINT32_MAX) {
    slot = static_cast<uint32_t>(acks_.size());
    acks_.push_back({std::move(ack)});
  } else {
    first_free_ = acks_[slot].next_free;
    acks_[slot] = {std::move(ack)};
  }
  return kAckBit | slot;
}

AckPlan Admission::take(queue::Cookie cookie) {
  const auto slot = static_cast<uint32_t>(cookie & ~kAckBit);
  AckPlan ack = std::exchange(acks_[slot].ack, {});
  acks_[slot].next_free = first_free_;
  first_free_ = slot;
  return ack;
}

/// The keys of a delivery. Items of one batch share their headers, so what these say is made their
/// own by the place in the batch: the same batch sent again is a copy, item by item.
static std::optional<Rejected> set_item_keys(Delivery& delivery, uint64_t wall_ms) {
  const bool own = !delivery.meta.dedup_key().empty();
  if (auto rejected = set_flow_keys(*delivery.trigger, delivery.body, wall_ms, delivery.meta))
    return rejected;
  const bool shared = delivery.ack.item && !own && delivery.trigger->flow().dedup_key().empty();
  if (shared && !delivery.meta.dedup_key().empty())
    delivery.meta.set_dedup_key(delivery.meta.dedup_key() + "#" +
                                std::to_string(Batches::index_of_item(delivery.ack.item)));
  return std::nullopt;
}

void Admission::refuse(const Delivery& delivery, const Rejected& rejected) {
  if (delivery.ack.item) return batches_.refused(delivery.ack.item, rejected);
  context_.guard.forget_signature(delivery.signature);
  context_.rejections.note(delivery.trigger->name(), rejected.code, rejected.detail);
  if (delivery.ack.openai)
    return context_.server.respond(
        delivery.ack.exchange,
        openai_refusal(problem(rejected.code, rejected.detail, {}, {}, rejected.retry_after_s)));
  gateway::refuse(context_, delivery.ack.exchange, rejected);
}

std::optional<std::vector<queue::WorkflowRef>> Admission::fan_out(const Delivery& delivery) const {
  std::vector<queue::WorkflowRef> all;
  if (delivery.ack.captured) return all;
  for (const std::string& name : delivery.trigger->flow().fan_out()) {
    const WorkflowPtr workflow = context_.catalog.workflow(name);
    if (!workflow) return std::nullopt;
    all.push_back({name, workflow->version()});
  }
  return all;
}

std::string Admission::flight_of(const Delivery& delivery) const {
  const std::string& what = delivery.trigger->flow().single_flight();
  if (what.empty() || delivery.ack.captured) return {};
  std::string key = delivery.single_flight;
  if (what == "body") key = sha256_of(delivery.body.view());
  else if (key.empty()) key = read_key_path(delivery.body, what).value_or("");
  return key.empty() ? key : delivery.trigger->name() + '\0' + key;
}

bool Admission::join(const std::string& flight, AckPlan& ack) {
  const Id* run = flights_.find(flight);
  if (!run) return false;
  context_.health.single_flight_shared++;
  ack.conflict = false;
  if (run->is_zero()) flights_.join(flight, keep(std::move(ack)));
  else answer_with(ack, {*run, kShared});
  return true;
}

void Admission::admit(Delivery delivery) {
  if (auto rejected = set_item_keys(delivery, context_.clock.wall_ms()))
    return refuse(delivery, *rejected);
  delivery.meta.set_result_retention_ms(delivery.trigger->replies().result_retention_ms());
  const queue::Cookie item = delivery.ack.item;
  const std::string flight = item ? std::string() : flight_of(delivery);
  if (!flight.empty() && join(flight, delivery.ack)) return;
  auto more = fan_out(delivery);
  if (!more) return refuse(delivery, {Code::kInternal, "One of the trigger's workflows is gone."});
  if (item && delivery.meta.captured())
    batches_.label(item, delivery.meta.filtered() ? "filtered" : "captured");
  const queue::Cookie cookie = item ? item : keep(delivery.ack);
  queue::NewEvent event{std::move(delivery.meta), std::move(delivery.body),
                        delivery.ack.durability == Durability::kMemory, *std::move(more)};
  const bool published = !event.meta.captured() && context_.bus->has_takers();
  const records::EventMeta meta = published ? event.meta : records::EventMeta();
  const std::string body(published ? event.body.view() : std::string_view());
  const uint64_t accepted_before = published ? context_.queue.counters().accepted : 0;
  auto admitted = context_.queue.accept(std::move(event), cookie);
  // A copy comes back with its first's id and is no event of its own.
  if (published && context_.queue.counters().accepted > accepted_before)
    context_.bus->delivered(std::get<Id>(admitted), meta, body);
  if (const auto* rejected = std::get_if<Rejected>(&admitted)) {
    if (!item) take(cookie);
    return refuse(delivery, *rejected);
  }
  if (!flight.empty() && !flights_.full()) flights_.begin(flight, cookie);
}

bool Admission::wait_for_reply(const AckPlan& ack, Id run, std::string mark) {
  if (!ack.hold || ack.wait_ms == 0 || context_.waiters.full() || context_.health.draining)
    return false;
  Waiter waiter{ack.exchange, Waiter::Kind::kReply, run,
                context_.clock.monotonic_ms() + ack.wait_ms, ack.applied_wait_s, nullptr,
                ack.hang_up, ack.openai, std::move(mark)};
  context_.waiters.add(std::move(waiter));
  return true;
}

bool Admission::stream_reply(const AckPlan& ack, Id run) {
  if (!ack.stream || context_.streams.full() || context_.health.draining) return false;
  context_.streams.add(
      {ack.exchange, run, std::make_unique<EventForm>(run, -1), 0, true, nullptr, ack.hang_up},
      records::QUEUED);
  return true;
}

Response Admission::ack_of(const AckPlan& ack, Id id, std::string_view status) const {
  Response answer = render_accepted(id, status, ack.durability,
                                    ack.hold ? std::optional<uint32_t>(1) : std::nullopt,
                                    ack.hold ? ack.applied_wait_s : std::nullopt);
  if (ack.async_applied) answer.headers += "Preference-Applied: respond-async\r\n";
  if (ack.rate) answer.headers += rate_headers(*ack.rate);
  return answer;
}

/// The runs of one delivery, the first one included, each with its workflow.
static void add_runs(Response& answer, const records::TriggerDefinition& trigger, Id first,
                     const std::vector<Id>& more) {
  std::string runs = ",\"runs\":[{\"id\":\"" + first.text() + "\",\"workflow\":\"" +
                     trigger.workflow() + "\"}";
  for (size_t i = 0; i < more.size() && i < static_cast<size_t>(trigger.flow().fan_out_size()); i++)
    runs += ",{\"id\":\"" + more[i].text() + "\",\"workflow\":\"" +
            trigger.flow().fan_out(static_cast<int>(i)) + "\"}";
  answer.body.insert(answer.body.rfind('}'), runs + "]");
}

static SignedReceipt receipt_of(const Context& context, const AckPlan& ack,
                                const queue::Accepted& accepted) {
  if (ack.body_sha256.empty()) return {};
  return context.receipts.signed_receipt({accepted.id.text(), ack.body_sha256, accepted.position,
                                          iso_time(context.clock.wall_ms()),
                                          std::string(durability_word(ack.durability))});
}

bool Admission::on_accepted(const queue::Accepted& accepted) {
  if (!(accepted.cookie & kAckBit)) {
    if (!Batches::is_item(accepted.cookie)) return false;
    batches_.kept(accepted.cookie, accepted.id, accepted.position);
    return true;
  }
  const AckPlan ack = take(accepted.cookie);
  if (!flights_.idle())
    for (const queue::Cookie joined : flights_.accepted(accepted.cookie, accepted.id))
      answer_with(take(joined), {accepted.id, kShared});
  if (ack.openai) return openai_.accepted(ack, accepted.id), true;
  const SignedReceipt receipt = receipt_of(context_, ack, accepted);
  if (stream_reply(ack, accepted.id) || wait_for_reply(ack, accepted.id, receipt.header))
    return true;
  const char* const kept = ack.filtered ? "filtered" : "captured";
  Response answer = ack_of(ack, accepted.id, ack.captured ? kept : "queued");
  if (ack.trigger->flow().fan_out_size() > 0 && !ack.captured)
    add_runs(answer, *ack.trigger, accepted.id, accepted.more);
  receipt.add_to(answer.headers, answer.body);
  context_.server.respond(ack.exchange, std::move(answer));
  return true;
}

bool Admission::on_duplicate(const queue::Duplicate& copy) {
  if (Batches::is_item(copy.cookie) && !(copy.cookie & kAckBit)) {
    batches_.copied(copy.cookie, copy.first, copy.key_reused);
    return true;
  }
  if (!(copy.cookie & kAckBit)) return false;
  const AckPlan ack = take(copy.cookie);
  if (!flights_.idle()) {
    for (const queue::Cookie joined : flights_.accepted(copy.cookie, copy.first))
      answer_with(take(joined), {copy.first, kShared});
    flights_.ended(copy.first);
  }
  if (copy.key_reused) {
    context_.server.respond(
        ack.exchange, problem(Code::kKeyReused,
                              "This Idempotency-Key came before with another body; use a new key "
                              "for a new request.",
                              "/v1/runs/" + copy.first.text(), copy.first.text()));
    return true;
  }
  context_.copies.note(ack.trigger->name(), copy.first);
  answer_with(ack, {copy.first, kCopy});
  return true;
}

void Admission::answer_with(const AckPlan& ack, First first) {
  first.result = context_.queue.cached_result(first.id);
  const auto live = context_.queue.live(first.id);
  if (first.result) first.status = first.result->outcome().status();
  else if (live) first.status = live->status;
  if (first.status != records::UNKNOWN) return answer_found(ack, first);
  const queue::Cookie cookie =
      context_.pending.read([this, ack, first](queue::ReadDone& done) {
        First found = first;
        if (done.status.ok()) {
          const auto& read = std::get<queue::RunRead>(done.value);
          found.status = read.status;
          found.result = read.result;
        }
        answer_found(ack, found);
      });
  context_.queue.read_run(first.id, false, cookie);
}

void Admission::answer_found(const AckPlan& ack, const First& first) {
  const bool under_way = first.status == records::QUEUED || first.status == records::RUNNING ||
                         first.status == records::WAITING;
  if (under_way && ack.conflict) {
    Response answer = problem(Code::kKeyInFlight, "The first request with this key is under way.",
                              "/v1/runs/" + first.id.text(), first.id.text(), 1);
    answer.headers += first.mark;
    return context_.server.respond(ack.exchange, std::move(answer));
  }
  if (under_way && ack.openai) return openai_.accepted(ack, first.id);
  if (under_way && (stream_reply(ack, first.id) || wait_for_reply(ack, first.id, std::string(first.mark))))
    return;
  Response answer;
  if (first.result && ack.openai) {
    answer = openai_reply(*ack.openai, first.id, first.result->outcome());
  } else if (first.result && ack.hold) {
    answer = render_outcome(first.id, *first.result);
    answer.headers += "Penstock-Durability: disk\r\n";
  } else {
    // A first event older than what is kept has no status left to tell.
    answer = ack_of(ack, first.id,
                    first.status == records::UNKNOWN ? "expired" : status_word(first.status));
  }
  answer.headers += first.mark;
  context_.server.respond(ack.exchange, std::move(answer));
}

}  // namespace penstock::gateway
