// Times as senders sign them, and how old a request may be. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/verify/scheme.h"

namespace penstock::verify {

/// Milliseconds since 1970; nullopt when the text is not exactly a time of that unit.
std::optional<int64_t> parse_moment(std::string_view text, TimeUnit unit);

/// How a signed time stands to ours.
enum class Freshness : uint8_t { kFresh, kStale, kFuture };

/// Exactly `tolerance_s` away is still fresh.
Freshness freshness(int64_t signed_at_ms, int64_t now_s, uint32_t tolerance_s);

/// "6 min 40 s": a span for people.
std::string span_text(int64_t seconds);

}  // namespace penstock::verify
