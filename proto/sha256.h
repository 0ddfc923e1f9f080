// SHA-256 of bytes in memory. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace penstock {

/// 32 bytes.
std::string sha256(std::string_view bytes);
/// 64 hex digits, lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace penstock
