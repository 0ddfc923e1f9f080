// Messages over a socket: four bytes of length, then the bytes. Blocking, with a deadline.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::jq {

/// Never waits longer than this for one message, whatever the deadline.
inline constexpr int wait_for_ever = -1;

/// Writes one message. Fault kIo: the other side is gone; kTimeout: it does not read.
Status send_message(int fd, std::string_view message, int timeout_ms);
/// Reads one message of at most `bytes_max`. Faults as above; kFull: it is longer.
Result<std::string> receive_message(int fd, size_t bytes_max, int timeout_ms);

}  // namespace penstock::jq
