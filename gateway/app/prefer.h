// The Prefer header (RFC 7240): how long a caller wants to wait for the reply. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::gateway {

struct Preference {
  std::optional<uint32_t> wait_s;  ///< wait=N
  bool respond_async = false;
};

/// Unknown preferences and malformed values are ignored, as the RFC asks.
Preference parse_prefer(std::string_view header);

/// Whether an Accept header names text/event-stream, not only by a wildcard.
bool wants_events(std::string_view accept);

/// "30", "30s", "1500ms", "2m": a duration for `?wait=`; nullopt when it is none.
std::optional<uint64_t> parse_wait_ms(std::string_view text);

/// The value of one query parameter, percent-decoded; nullopt when absent.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace penstock::gateway
