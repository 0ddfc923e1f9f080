// UTF-8: code points out of bytes and into them. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::json {

/// What stands for bytes that are no text.
inline constexpr uint32_t replacement_code_point = 0xFFFD;

/// Takes the next code point off the front; a damaged or unfinished sequence
/// gives one replacement, for as many bytes as belong together.
uint32_t next_code_point(std::string_view& text);
/// Appends a code point; surrogates and what is beyond U+10FFFF become the replacement.
void append_code_point(uint32_t code_point, std::string& out);
size_t count_code_points(std::string_view text);
/// The byte offset of code point `index`; the length when there are not so many.
size_t byte_offset(std::string_view text, size_t index);
/// `text` with every damaged sequence replaced.
std::string repaired(std::string_view text);

}  // namespace penstock::json
