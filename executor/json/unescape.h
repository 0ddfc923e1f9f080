// JSON string escapes. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::json {

/// Appends the characters of a JSON string's inside (without quotes). False: an escape is wrong;
/// half a surrogate pair is no error but becomes U+FFFD, as jq has it.
bool unescape(std::string_view inside, std::string& out);
/// Four hexadecimal digits at the front of `text`.
std::optional<uint32_t> hex4(std::string_view text);

}  // namespace penstock::json
