// The parts of a JSON text as slices of it, numbers and spelling untouched. For text that has been
// checked (json_check.h); on anything else the slices are meaningless but within the text. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::gateway {

using JsonMember = std::pair<std::string_view, std::string_view>;  ///< name without quotes, value

/// An array's items in order, at most `max` + 1 of them.
std::vector<std::string_view> json_items(std::string_view array, size_t max);
/// An object's members in order; escapes in names stay as they are.
std::vector<JsonMember> json_members(std::string_view object);
/// The text of a JSON string without escapes that need decoding; "" for any other value, or one
/// that has escapes and cannot be decoded.
std::string json_string(std::string_view value);
/// The first character that is no white space; 0 when there is none.
char json_first(std::string_view text);

}  // namespace penstock::gateway
