// How a log line's fields become text: ` key=value` for people, `,"key":value` for machines.
// Pure, any thread.
#pragma once

#include <string>

#include "gateway/log/log.h"

namespace penstock::gateway {

/// Appends `text` as the inside of a JSON string; bytes that are not UTF-8 become U+FFFD.
void append_json_escaped(std::string_view text, std::string& out);
/// The line behind time and level, for people. Control characters are escaped: one line stays one.
std::string text_line(std::string_view message, Logger::Fields fields);
/// The members behind time and level of the line's JSON object.
std::string json_members(std::string_view message, Logger::Fields fields);

}  // namespace penstock::gateway
