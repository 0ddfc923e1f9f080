#include "gateway/app/screening.h"

#include <nlohmann/json.hpp>

#include "gateway/app/key_path.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static bool needs_jq(const std::string& key) {
  return !key.empty() && !is_key_path(key);
}

bool needs_screening(const records::TriggerDefinition& trigger) {
  const records::MappingRules& mapping = trigger.mapping();
  const records::FlowRules& flow = trigger.flow();
  return mapping.variables_size() > 0 || !mapping.filter().empty() || !mapping.schema().empty() ||
         needs_jq(flow.dedup_key()) || needs_jq(flow.lane()) || needs_jq(flow.concurrency_key()) ||
         (flow.single_flight() != "body" && needs_jq(flow.single_flight()));
}

worker::Screen screen_of(const records::TriggerDefinition& trigger, const records::EventMeta& meta,
                         std::string_view body) {
  records::TriggerDefinition rules;
  rules.set_name(trigger.name());
  *rules.mutable_mapping() = trigger.mapping();
  rules.mutable_flow()->set_dedup_key(trigger.flow().dedup_key());
  rules.mutable_flow()->set_lane(trigger.flow().lane());
  rules.mutable_flow()->set_concurrency_key(trigger.flow().concurrency_key());
  rules.mutable_flow()->set_single_flight(trigger.flow().single_flight());
  worker::Screen wanted;
  wanted.set_trigger(rules.SerializeAsString());
  wanted.set_meta(meta.SerializeAsString());
  wanted.set_body(body.data(), body.size());
  return wanted;
}

void map_event(const worker::Screened& found, records::EventMeta& meta) {
  meta.set_variables(found.variables());
  meta.set_mapping_error(found.fault().empty() ? found.mapping_error() : found.fault());
  if (!meta.mapping_error().empty()) meta.clear_variables();
  if (!found.dedup_key().empty()) meta.set_dedup_key(found.dedup_key());
  if (!found.lane().empty()) meta.set_lane(found.lane());
  if (!found.concurrency_key().empty()) meta.set_concurrency_key(found.concurrency_key());
}

records::EventMeta as_fresh_run(records::EventMeta meta) {
  meta.set_captured(false);
  meta.set_filtered(false);
  meta.clear_variables();
  meta.clear_mapping_error();
  meta.clear_dedup_key();
  meta.clear_lane();
  meta.clear_concurrency_key();
  meta.clear_not_before_ms();
  return meta;
}

/// 422 with the places that break the schema.
static Screening::Refusal schema_refusal(const worker::Screened& found) {
  Json errors = Json::array();
  for (const auto& fault : found.schema_faults())
    errors.push_back({{"pointer", fault.pointer()},
                      {"message", fault.message()},
                      {"schema_pointer", fault.schema_pointer()}});
  const auto& first = found.schema_faults(0);
  const std::string detail = "The body does not fit the trigger's JSON Schema: " +
                             (first.pointer().empty() ? "it" : first.pointer()) + " " +
                             first.message();
  Response answer = problem(Code::kUnprocessable, detail);
  Json body = Json::parse(answer.body);
  body["errors"] = std::move(errors);
  answer.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return {Code::kUnprocessable, detail, std::move(answer)};
}

/// 503 for an event that no executor could look at.
static Screening::Refusal unscreened_refusal(const Status& why) {
  const Code code = why.fault() == Fault::kFull ? Code::kQueueFull : Code::kNoExecutor;
  const std::string detail = "The event was not kept: " + why.message() + "; send it again.";
  return {code, detail, problem(code, detail, {}, {}, 1)};
}

void Screening::screen(Delivery delivery) {
  if (!delivery.trigger->active() || !needs_screening(*delivery.trigger))
    return then_(std::move(delivery));
  worker::Screen wanted = screen_of(*delivery.trigger, delivery.meta, delivery.body.view());
  auto held = std::make_shared<Held>(Held{std::move(delivery), std::nullopt});
  const bool in_order = !held->delivery.trigger->flow().lane().empty();
  if (in_order) in_order_[held->delivery.trigger->name()].push_back(held);
  context_.workers.screen(std::move(wanted), [this, held, in_order](auto found) {
    held->found.emplace(std::move(found));
    if (in_order) release(held->delivery.trigger->name());
    else judge(std::move(held->delivery), *std::move(held->found));
  });
}

void Screening::release(const std::string& trigger) {
  std::deque<std::shared_ptr<Held>>& waiting = in_order_[trigger];
  while (!waiting.empty() && waiting.front()->found) {
    const std::shared_ptr<Held> first = std::move(waiting.front());
    waiting.pop_front();
    judge(std::move(first->delivery), *std::move(first->found));
  }
  if (waiting.empty()) in_order_.erase(trigger);
}

void Screening::judge(Delivery delivery, Result<worker::Screened> found) {
  if (!found.ok()) return refused_(delivery, unscreened_refusal(found.status()));
  if (found->filtered()) {
    delivery.meta.set_captured(true);
    delivery.meta.set_filtered(true);
    delivery.ack.captured = delivery.ack.filtered = true;
    delivery.ack.hold = false;
    return then_(std::move(delivery));
  }
  if (found->schema_faults_size() > 0) return refused_(delivery, schema_refusal(*found));
  map_event(*found, delivery.meta);
  delivery.single_flight = std::move(*found->mutable_single_flight());
  then_(std::move(delivery));
}

}  // namespace penstock::gateway
