// How long a workflow means: ISO 8601 text (`PT1M30S`) as milliseconds.
// A value type's worth of functions: no state, any thread.
// Limitations: a year is 365 days and a month 30, because no calendar is at hand; what is below a
// millisecond is rounded; more than limits::duration_ms_max is refused.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/status.h"

namespace penstock::definition {

/// Milliseconds of an ISO 8601 duration: `P[nY][nM][nW][nD][T[nH][nM][nS]]`, fractions allowed.
Result<uint64_t> parse_duration(std::string_view text);

/// Whether `text` has the form of an ISO 8601 duration, however long.
bool is_duration(std::string_view text);

}  // namespace penstock::definition
