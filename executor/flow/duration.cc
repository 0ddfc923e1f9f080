#include "executor/definition/duration.h"

#include "executor/flow/node.h"
#include "proto/limits.h"

namespace penstock::flow {

Result<uint64_t> Duration::evaluate(const json::Value& dot, const Scope& scope) const {
  if (!computed) return ms;
  Result<json::Value> value = computed->evaluate(dot, scope);
  if (!value) return value.status();
  return of(*value);
}

Result<uint64_t> Duration::of(const json::Value& value) {
  if (value.is_string()) return definition::parse_duration(value.as_string());
  static constexpr struct {
    std::string_view name;
    uint64_t ms;
  } kUnits[] = {{"days", 86'400'000},
                {"hours", 3'600'000},
                {"minutes", 60'000},
                {"seconds", 1'000},
                {"milliseconds", 1}};
  if (!value.is_object()) return Status::invalid("a duration is an object or ISO 8601 text");
  uint64_t sum = 0;
  for (const auto& unit : kUnits) {
    const std::optional<json::Value> part = value.find(unit.name);
    if (!part) continue;
    const std::optional<int64_t> count = part->as_integer();
    if (!count || *count < 0) {
      return Status::invalid("a duration's " + std::string(unit.name) +
                             " is a whole number from 0");
    }
    if (static_cast<uint64_t>(*count) > limits::duration_ms_max / unit.ms) {
      return Status::invalid("the duration is too long");
    }
    sum += static_cast<uint64_t>(*count) * unit.ms;
  }
  return sum <= limits::duration_ms_max ? Result<uint64_t>(sum)
                                        : Status::invalid("the duration is too long");
}

}  // namespace penstock::flow
