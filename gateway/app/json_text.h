// Small JSON and time texts for answers that are written by hand on the hot path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::gateway {

/// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
/// "2026-11-23T22:15:41.123Z".
std::string iso_time(uint64_t wall_ms);
/// Appends the same in quotes, or `null` for 0.
void append_json_time(std::string& out, uint64_t wall_ms);

}  // namespace penstock::gateway
