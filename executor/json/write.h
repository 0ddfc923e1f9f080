// JSON string literals. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace penstock::json {

/// Appends `text` as a JSON string literal: quotes, backslashes and control characters escaped,
/// everything else as it is.
void append_quoted(std::string_view text, std::string& out);

}  // namespace penstock::json
