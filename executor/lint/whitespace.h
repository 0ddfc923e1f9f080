// White space as the schema's patterns mean it: ECMAScript's `\s`, beyond ASCII too, in UTF-8.
// No state, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace penstock::lint {

/// The length in bytes of the white space character at `at`; 0 where there is none.
size_t whitespace_at(std::string_view text, size_t at);
/// The text without white space at both ends.
std::string_view trim_whitespace(std::string_view text);
/// Whether a line ends inside the text (LF, CR, U+2028, U+2029).
bool has_line_end(std::string_view text);

}  // namespace penstock::lint
