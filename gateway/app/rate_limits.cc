#include "gateway/app/rate_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace penstock::gateway {

static double burst_of(const records::FlowRules& flow) {
  return flow.rate_burst() ? flow.rate_burst() : std::max(1.0, std::ceil(flow.rate_per_s()));
}

RateLimits::Bucket& RateLimits::bucket_of(const records::TriggerDefinition& trigger,
                                          uint64_t now_us) {
  Bucket& bucket = buckets_[trigger.name()];
  const double rate = trigger.flow().rate_per_s(), burst = burst_of(trigger.flow());
  if (bucket.rate_per_s != rate || bucket.burst != burst) {
    bucket = {rate, burst, burst, now_us};
    return bucket;
  }
  const double passed_s = static_cast<double>(now_us - bucket.filled_us) / 1e6;
  bucket.tokens = std::min(burst, bucket.tokens + passed_s * rate);
  bucket.filled_us = now_us;
  return bucket;
}

RateState RateLimits::state_of(const Bucket& bucket) {
  const double missing = bucket.tokens < 1 ? 1 - bucket.tokens : bucket.burst - bucket.tokens;
  RateState state;
  state.quota = static_cast<uint32_t>(bucket.burst);
  state.window_s = static_cast<uint32_t>(std::max(1.0, std::ceil(bucket.burst / bucket.rate_per_s)));
  state.remaining = static_cast<uint32_t>(bucket.tokens);
  state.reset_s = static_cast<uint32_t>(std::ceil(missing / bucket.rate_per_s));
  return state;
}

std::optional<Response> RateLimits::refuse(const records::TriggerDefinition& trigger,
                                           uint64_t now_us) {
  if (trigger.flow().rate_per_s() <= 0) return std::nullopt;
  Bucket& bucket = bucket_of(trigger, now_us);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const RateState state = state_of(bucket);
  Response answer = problem(
      Code::kRateLimited,
      fmt::format("This trigger takes {:g} requests a second.", trigger.flow().rate_per_s()), {}, {},
      std::max(1u, state.reset_s));
  answer.headers += rate_headers(state);
  return answer;
}

std::optional<RateState> RateLimits::state(const records::TriggerDefinition& trigger,
                                           uint64_t now_us) {
  if (trigger.flow().rate_per_s() <= 0) return std::nullopt;
  return state_of(bucket_of(trigger, now_us));
}

std::string rate_headers(const RateState& state) {
  return fmt::format("RateLimit-Policy: \"default\";q={};w={}\r\nRateLimit: \"default\";r={};t={}\r\n",
                     state.quota, state.window_s, state.remaining, state.reset_s);
}

}  // namespace penstock::gateway
