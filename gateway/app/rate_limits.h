// How often senders may send: a token bucket a trigger, asked before the body is read.
//
// Loop thread. A bucket starts full, also after a restart or when its trigger's rate is changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/http/exchange.h"
#include "proto/records.pb.h"

namespace penstock::gateway {

/// What the RateLimit fields say (draft-ietf-httpapi-ratelimit-headers).
struct RateState {
  uint32_t quota = 0;      ///< requests at once …
  uint32_t window_s = 0;   ///< … that this long brings back
  uint32_t remaining = 0;
  uint32_t reset_s = 0;    ///< until the quota is whole again; until the next one, when none is left
};

/// The RateLimit-Policy and RateLimit fields.
std::string rate_headers(const RateState& state);

class RateLimits {
 public:
  /// Takes one; nullopt: the trigger may. `now_us` monotonic.
  std::optional<Response> refuse(const records::TriggerDefinition& trigger, uint64_t now_us);
  /// nullopt: it has no rate.
  std::optional<RateState> state(const records::TriggerDefinition& trigger, uint64_t now_us);

 private:
  struct Bucket {
    double rate_per_s = 0, burst = 0, tokens = 0;
    uint64_t filled_us = 0;
  };
  Bucket& bucket_of(const records::TriggerDefinition& trigger, uint64_t now_us);
  static RateState state_of(const Bucket& bucket);

  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace penstock::gateway
