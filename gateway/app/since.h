// Times as queries name them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace penstock::gateway {

/// "2026-11-23T22:00:00Z", or a span back from now such as 15m, 2h, 7d; wall-clock milliseconds.
std::optional<uint64_t> since_ms(const std::string& text, uint64_t now_ms);

}  // namespace penstock::gateway
