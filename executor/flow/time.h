// Points in time as the language shows them. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "executor/json/value.h"

namespace penstock::flow {

/// RFC 3339 in UTC with milliseconds: 2026-11-23T22:15:41.123Z.
std::string rfc3339(uint64_t wall_ms);
/// The object form: {"iso8601": "…", "epoch": {"seconds": N, "milliseconds": N}}.
json::Value moment(uint64_t wall_ms);

}  // namespace penstock::flow
