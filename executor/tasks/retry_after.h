// How long the other side asks to be left alone. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// What Retry-After (seconds or a date) or retry-after-ms says; nullopt: nothing, or nonsense.
/// A date counts from the reply's own Date, so that clocks need not agree.
std::optional<uint64_t> retry_after_ms(const HttpReply& reply, uint64_t now_ms);

}  // namespace penstock::executor
