// How runs look to callers: acks, states and outcomes as HTTP answers. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/exchange.h"
#include "proto/id.h"
#include "queue/types.h"

namespace penstock::gateway {

/// The level of durability an ack speaks of.
enum class Durability : uint8_t { kDisk, kMemory };
std::string_view durability_word(Durability durability);

/// 202 for an accepted event: id, status, links. `applied_wait_s`: a Prefer: wait that ran out.
Response render_accepted(const Id& id, std::string_view status, Durability durability,
                         std::optional<uint32_t> retry_after_s = {},
                         std::optional<uint32_t> applied_wait_s = {});

/// The same for a run that is asked for later: with its place in the queue, and when to come again.
Response render_pending(const Id& id, const queue::LiveView* live, double drain_rate,
                        std::optional<uint32_t> applied_wait_s);

/// The reply of an ended run: the workflow's own answer, or a problem for a run that has none.
Response render_outcome(const Id& id, const records::ResultRecord& result);

/// The same for a reply that came before the end.
Response render_reply(const Id& id, const records::Outcome& reply);

/// What is known of a run, gathered by the caller.
struct RunFacts {
  Id id;
  const records::EventMeta* meta = nullptr;
  uint64_t body_bytes = 0;
  const records::ResultRecord* result = nullptr;  ///< null: not ended
  const queue::LiveView* live = nullptr;          ///< null: not in memory
  const records::LiveRecord* stored = nullptr;    ///< null: nothing beyond the event
  uint64_t result_retention_ms = 0;
  double drain_rate = 0;                          ///< runs a second; 0 unknown
};

/// The run's status word.
std::string_view run_status(const RunFacts& facts);
std::string_view status_word(records::RunStatus status);
/// UNKNOWN when it is no status word.
records::RunStatus status_from_word(std::string_view word);

/// The JSON object of GET /v1/runs/{id}.
std::string run_json(const RunFacts& facts);

}  // namespace penstock::gateway
