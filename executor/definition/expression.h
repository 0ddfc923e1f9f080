// Where jq stands in a definition: `${ … }` around it, or bare in the fields that are always
// expressions (if, when, exceptWhen, while, for.in, input.from, output.as, export.as, until).
// No state, any thread. Views point into the text that was given.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::definition {

/// Where one `${ … }` of a text stands.
struct Placeholder {
  size_t begin;              ///< of the `$`
  size_t end;                ///< behind the closing brace; the text's end where none closes it
  std::string_view program;  ///< what stands between, trimmed
  bool closed;
};

/// Whether the whole text, but for white space around it, is one `${ … }`.
bool is_expression(std::string_view text);

/// The jq inside a text that is one `${ … }`, trimmed; nothing for any other text.
std::optional<std::string_view> expression_of(std::string_view text);

/// The jq of a field that is always an expression: with or without `${ … }` around it.
std::string_view expression_field(std::string_view text);

/// The first `${ … }` at or after `from`. Braces inside jq strings and `\( … )` are understood.
std::optional<Placeholder> find_placeholder(std::string_view text, size_t from = 0);

/// `Hello ${ .x }!` as the jq that says the same: `${ "Hello \(.x)!" }`.
std::string as_interpolation(std::string_view text);

}  // namespace penstock::definition
