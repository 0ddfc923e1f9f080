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

/// `old_s` and `ahead_s`: how far it may be behind us and before us; exactly that far is fresh.
Freshness freshness(int64_t signed_at_ms, int64_t now_s, uint32_t old_s, uint32_t ahead_s);

/// "6 min 40 s": a span for people.
std::string span_text(int64_t seconds);

}  // namespace penstock::verify
