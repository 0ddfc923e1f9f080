// Durations and sizes as people write them: 500ms, 30s, 5m, 12h, 7d; 64KiB, 1MiB, 2GiB, 4096.
// Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::gateway {

/// Milliseconds. A bare number is taken as `bare_ms` each; 0 refuses bare numbers.
Result<uint64_t> parse_duration_ms(std::string_view text, uint64_t bare_ms = 0);
/// Bytes. K, M, G and their long forms KB, KiB … are all powers of 1024; a bare number is bytes.
Result<uint64_t> parse_bytes(std::string_view text);
/// A whole number without sign.
Result<uint64_t> parse_count(std::string_view text);

/// The shortest form that reads back as the same value: 30s, 1500ms, 7d.
std::string show_duration(uint64_t ms);
/// 1MiB, 1536KiB, 100.
std::string show_bytes(uint64_t bytes);

}  // namespace penstock::gateway
