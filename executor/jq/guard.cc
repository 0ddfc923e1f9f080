#include "executor/jq/guard.h"

#include "executor/json/meter.h"

namespace penstock::jq {

Guard::Guard(const Budget& budget) : budget_(budget), bytes_before_(json::live_bytes()) {}

bool Guard::room_for(uint64_t bytes) {
  const int64_t used = json::live_bytes() - bytes_before_ + static_cast<int64_t>(bytes);
  const bool fits = used <= static_cast<int64_t>(budget_.memory_bytes);
  return fits || breach("memory_bytes", budget_.memory_bytes);
}

bool Guard::accepts(const json::Value& value) {
  if (value.weight() > budget_.value_bytes) return breach("value_bytes", budget_.value_bytes);
  return value.depth() <= limits::json_depth_max || breach("value_depth", limits::json_depth_max);
}

bool Guard::breach(const char* limit, uint64_t bound) {
  if (limit_.empty()) {
    limit_ = limit;
    bound_ = bound;
  }
  return false;
}

Error Guard::error() const {
  const std::string text =
      "the expression went over its limit of " + std::to_string(bound_) + " " + limit_;
  return {json::Value::string(text), limit_};
}

}  // namespace penstock::jq
