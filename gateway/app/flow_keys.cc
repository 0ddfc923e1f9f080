#include "gateway/app/flow_keys.h"

#include <openssl/sha.h>

#include <algorithm>

#include "gateway/app/key_path.h"
#include "proto/limits.h"

namespace penstock::gateway {
namespace {

/// Headers in which providers say which delivery this is; the same again when they retry it.
constexpr std::string_view kDeliveryHeaders[] = {
    "x-github-delivery",   "x-gitlab-event-uuid",   "x-shopify-webhook-id",
    "svix-id",             "x-request-uuid",        "i-twilio-idempotency-token",
    "linear-delivery",     "x-razorpay-event-id",   "x-amz-sns-message-id",
    "x-hubspot-event-id",  "x-gitea-delivery",      "x-gogs-delivery",
    "x-woocommerce-delivery-id",
};

/// Where providers without such a header have it in the body, by the preset that verifies them.
struct BodyId { std::string_view preset, path; };
constexpr BodyId kBodyIds[] = {
    {"stripe", ".id"},    {"slack", ".event_id"},    {"paddle", ".event_id"},
    {"square", ".event_id"}, {"intercom", ".id"},    {"mux", ".id"},
    {"vercel", ".id"},    {"typeform", ".event_id"}, {"trello", ".action.id"},
    {"discord", ".id"},   {"pagerduty", ".event.id"},
};

std::string_view header(const records::EventMeta& meta, std::string_view name) {
  for (const records::Header& each : meta.headers())
    if (each.name() == name) return each.value();
  return {};
}

std::string cloud_event_key(std::string_view source, std::string_view id) {
  return std::string(source) + ' ' + std::string(id);
}

/// A CloudEvent says who it is by id and source together.
std::string cloud_event_of(const Body& body, const records::EventMeta& meta) {
  if (const auto id = header(meta, "ce-id"); !id.empty())
    return cloud_event_key(header(meta, "ce-source"), id);
  if (!meta.content_type().starts_with("application/cloudevents+json")) return {};
  const auto id = read_key_path(body, ".id");
  return id ? cloud_event_key(read_key_path(body, ".source").value_or(""), *id) : std::string();
}

std::string provider_key(const records::TriggerDefinition& trigger, const Body& body,
                         const records::EventMeta& meta) {
  for (const std::string_view name : kDeliveryHeaders)
    if (const auto value = header(meta, name); !value.empty()) return std::string(value);
  for (const BodyId& known : kBodyIds)
    if (known.preset == trigger.door().verify())
      return read_key_path(body, known.path).value_or("");
  return {};
}

void set_dedup_key(const records::TriggerDefinition& trigger, const Body& body,
                   records::EventMeta& meta) {
  const records::FlowRules& flow = trigger.flow();
  if (meta.dedup_key().empty() && is_key_path(flow.dedup_key()))
    meta.set_dedup_key(read_key_path(body, flow.dedup_key()).value_or(""));
  if (!meta.dedup_key().empty()) return;
  if (const auto key = header(meta, "idempotency-key"); !key.empty()) {
    meta.set_dedup_key(std::string(key));
    // The one key that promises the same request: another payload under it is a mistake to tell.
    meta.set_body_sha256(sha256_of(meta.raw_body().empty() ? body.view() : meta.raw_body()));
    return;
  }
  if (const auto key = header(meta, "webhook-id"); !key.empty())
    return meta.set_dedup_key(std::string(key));
  meta.set_dedup_key(cloud_event_of(body, meta));
  if (meta.dedup_key().empty()) meta.set_dedup_key(provider_key(trigger, body, meta));
}

std::string plain_key(const Body& body, const std::string& path, const std::string& known) {
  if (!known.empty() || path.empty()) return known;
  std::string key = read_key_path(body, path).value_or("");
  key.resize(std::min(key.size(), limits::flow_key_bytes_max));
  return key;
}

}  // namespace

queue::FlowLimits flow_limits(const records::TriggerDefinition& trigger) {
  const records::FlowRules& flow = trigger.flow();
  return {flow.concurrency_max(), flow.throttle_per_s(), flow.breaker_failures(),
          flow.breaker_open_ms()};
}

std::string sha256_of(std::string_view bytes) {
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), digest);
  return std::string(reinterpret_cast<const char*>(digest), sizeof(digest));
}

std::optional<Rejected> set_flow_keys(const records::TriggerDefinition& trigger, const Body& body,
                                      uint64_t wall_ms, records::EventMeta& meta) {
  const records::FlowRules& flow = trigger.flow();
  if (flow.dedup_off()) {
    meta.clear_dedup_key();
  } else {
    set_dedup_key(trigger, body, meta);
    meta.set_dedup_ttl_ms(flow.dedup_ttl_ms());
  }
  if (meta.dedup_key().size() > limits::dedup_key_bytes_max)
    return Rejected{Code::kBadRequest, "The dedup key is longer than " +
                                           std::to_string(limits::dedup_key_bytes_max) + " bytes."};
  if (!trigger.has_flow()) return std::nullopt;
  if (!flow.lane().empty()) meta.set_lane(plain_key(body, flow.lane(), meta.lane()));
  if (!flow.concurrency_key().empty())
    meta.set_concurrency_key(plain_key(body, flow.concurrency_key(), meta.concurrency_key()));
  if (flow.priority()) meta.set_priority(flow.priority());
  if (flow.delay_ms())
    meta.set_not_before_ms(std::max(meta.not_before_ms(), wall_ms + flow.delay_ms()));
  return std::nullopt;
}

}  // namespace penstock::gateway
