// The forms of text that the workflow schema asks for: versions, names, URIs, times, pointers.
// Each answers for exactly what the schema's pattern or format accepts, no more and no less, so
// that a definition is judged here as any other validator of the standard judges it.
// No state, any thread; linear in the text, no regular expressions.
#pragma once

#include <string_view>

namespace penstock::lint {

/// Semantic version 2.0: `1.2.3-rc.1+build`.
bool is_semantic_version(std::string_view text);
/// An RFC 1123 label of at most 63 characters.
bool is_label(std::string_view text);
/// A host name as the gRPC call has it: a label that may hold dots.
bool is_host(std::string_view text);
/// One `${ … }` on one line.
bool is_runtime_expression(std::string_view text);
/// A URI, or an RFC 6570 template such as `https://host/{id}`; never an expression.
bool is_uri_template(std::string_view text);
/// An RFC 6570 template; unlike the above, it may be empty.
bool is_bare_template(std::string_view text);
/// An RFC 3339 date and time with its zone.
bool is_date_time(std::string_view text);
/// An RFC 6901 pointer.
bool is_json_pointer(std::string_view text);

}  // namespace penstock::lint
