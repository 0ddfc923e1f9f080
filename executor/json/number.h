// Numbers as text: from JSON text to doubles and back, and exact comparison of long integers.
// Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::json {

/// The longest text that append_number writes.
inline constexpr size_t number_text_bytes_max = 40;

/// The double nearest to a JSON number's text; the largest double where it is out of range.
double parse_number(std::string_view text);
/// Appends the shortest text that reads back as the same double, laid out as jq does: no exponent
/// for what has at most 17 digits before the point. NaN is "null", infinity the largest double.
void append_number(double value, std::string& out);
/// Digits only, perhaps with a minus: no point, no exponent.
bool is_integer_text(std::string_view text);
/// Compares two integer texts of any length: below 0, 0, above 0.
int compare_integers(std::string_view a, std::string_view b);
/// True when `text` is one whole JSON number.
bool is_number_text(std::string_view text);

}  // namespace penstock::json
