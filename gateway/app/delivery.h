// One delivery on its way in, handed by value from stage to stage: door (who may send), intake
// (what it is), screening (what its trigger makes of it), admission (into the queue, then the ack).
// A stage may keep it and go on later: nothing in it points into the server's buffers.
#pragma once

#include <cstdint>
#include <optional>

#include "gateway/app/catalog.h"
#include "gateway/app/rate_limits.h"
#include "gateway/app/render.h"
#include "gateway/app/waiters.h"
#include "gateway/http/exchange.h"
#include "proto/body.h"

namespace penstock::gateway {

/// What to answer when the event is durable.
struct AckPlan {
  ExchangeId exchange;
  bool captured = false;
  bool filtered = false;       ///< captured since the trigger's filter passed it over
  bool hold = false;           ///< wait for the reply
  bool async_applied = false;  ///< Prefer: respond-async decided
  bool stream = false;         ///< … as server-sent events
  uint64_t wait_ms = 0;
  std::optional<uint32_t> applied_wait_s = {};
  Durability durability = Durability::kDisk;
  bool conflict = false;       ///< 409 to a copy whose first is under way
  TriggerPtr trigger = {};
  std::optional<RateState> rate = {};
  queue::Cookie item = 0;        ///< not 0: one of a batch, which answers for it (batches.h)
  std::string body_sha256 = {};  ///< hex, of what came; empty: no receipt is asked for
  HangUp hang_up = {};
  std::shared_ptr<const OpenAiCall> openai = {};  ///< answer in that API's words
};

struct Delivery {
  TriggerPtr trigger;
  WorkflowPtr workflow;  ///< null for a sample of an inactive trigger
  records::EventMeta meta;
  Body body;
  AckPlan ack;
  std::string signature = {};      ///< remembered against replays; forgotten when it is not kept
  std::string single_flight = {};  ///< as an executor evaluated it; a plain path is read later
};

}  // namespace penstock::gateway
