// Files and standard input as commands read them, and times as people write them.
#pragma once

#include <string>

#include "proto/status.h"

namespace penstock::gateway {

/// The whole file, or standard input for "-"; a fault past `bytes_max`.
Result<std::string> read_input(const std::string& path, size_t bytes_max);
/// --wait: 30s, 1500ms; a bare number is seconds. In milliseconds.
Result<uint64_t> read_wait(const std::string& text);
/// --since: a duration before now, or a time the server understands, handed on as it is.
std::string since_time(const std::string& text, uint64_t now_ms);

}  // namespace penstock::gateway
