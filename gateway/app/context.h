// What the handlers share. Built and owned by serve(); every reference outlives the handlers.
// Loop thread only.
#pragma once

#include "gateway/app/catalog.h"
#include "gateway/app/credentials.h"
#include "gateway/app/json_check.h"
#include "gateway/app/pending.h"
#include "gateway/app/receipts.h"
#include "gateway/app/copies.h"
#include "gateway/app/rejections.h"
#include "gateway/app/streams.h"
#include "gateway/app/waiters.h"
#include "gateway/config/config.h"
#include "gateway/http/server.h"
#include "gateway/log/log.h"
#include "gateway/workers/hub.h"
#include "proto/clock.h"
#include "queue/service.h"

namespace penstock::gateway {

class Guard;
class JwksCache;
class Secrets;
class Vault;

/// The gateway's own state, as health answers tell it.
struct Health {
  bool draining = false;
  uint64_t started_at_ms = 0;         ///< wall clock
  uint64_t loop_turn_us_max = 0;      ///< since start
  uint64_t loop_turn_us_recent = 0;   ///< the longest of the last ten seconds
  uint64_t executor_restarts = 0;
  bool executors_crash_looping = false;
  uint64_t rate_limited = 0;          ///< requests over their trigger's rate
  uint64_t single_flight_shared = 0;  ///< requests that got the run of one like them
};

class EventBus;

struct Context {
  const Config& config;
  const Clock& clock;
  Logger& log;
  queue::Service& queue;
  Server& server;
  WorkerHub& workers;
  Catalog& catalog;
  const Credentials& credentials;
  Waiters& waiters;
  Streams& streams;
  Pending& pending;
  Health& health;
  Rejections& rejections;
  Copies& copies;
  const Receipts& receipts;
  const Vault& vault;
  Secrets& secrets;
  Guard& guard;
  JwksCache& jwks;
  EventBus* bus = nullptr;  ///< set once the parts are made
};

/// Answers a sender with a refusal, and says so in the log at debug level.
void refuse(Context& context, ExchangeId exchange, const Rejected& rejected);

}  // namespace penstock::gateway
