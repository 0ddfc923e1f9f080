// One delivery on its way in, handed by value from stage to stage: door (who may send), intake
// (what it is), screening (what its trigger makes of it), admission (into the queue, then the ack).
// A stage may keep it and go on later: nothing in it points into the server's buffers.
#pragma once

#include <cstdint>
#include <optional>

#include "gateway/app/catalog.h"
#include "gateway/app/render.h"
#include "gateway/http/exchange.h"
#include "proto/body.h"

namespace penstock::gateway {

/// What to answer when the event is durable.
struct AckPlan {
  ExchangeId exchange;
  bool captured = false;
  bool hold = false;           ///< wait for the reply
  bool async_applied = false;  ///< Prefer: respond-async decided
  uint64_t wait_ms = 0;
  std::optional<uint32_t> applied_wait_s = {};
  Durability durability = Durability::kDisk;
};

struct Delivery {
  TriggerPtr trigger;
  WorkflowPtr workflow;  ///< null for a sample of an inactive trigger
  records::EventMeta meta;
  Body body;
  AckPlan ack;
};

}  // namespace penstock::gateway
