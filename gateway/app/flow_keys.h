// The keys by which a delivery flows: the dedup key, its lane, its concurrency key. What an earlier
// stage has put into the metadata stays (jq that an executor evaluated; the items of a batch, whose
// keys must differ though their headers do not). Pure.
//
// The dedup key comes from the first of: the trigger's own path, Idempotency-Key, webhook-id,
// ce-id with ce-source, the provider's delivery id in a header, the provider's id in the body.
// Never from a hash of the body: two equal orders are two orders.
#pragma once

#include <optional>
#include <string_view>

#include "proto/body.h"
#include "proto/problem.h"
#include "proto/records.pb.h"
#include "queue/types.h"

namespace penstock::gateway {

/// Sets dedup_key, dedup_ttl_ms, body_sha256, lane, concurrency_key, priority and not_before_ms as
/// the trigger wants them; a key that is too long refuses the delivery.
std::optional<Rejected> set_flow_keys(const records::TriggerDefinition& trigger, const Body& body,
                                      uint64_t wall_ms, records::EventMeta& meta);

/// What the trigger allows its runs.
queue::FlowLimits flow_limits(const records::TriggerDefinition& trigger);

/// SHA-256 of these bytes, raw.
std::string sha256_of(std::string_view bytes);

}  // namespace penstock::gateway
