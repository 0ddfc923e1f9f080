// Checks of a string's form, with a hint for the slips that people make with expressions.
// No state, any thread.
#pragma once

#include <string>
#include <string_view>

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// A string for which `form` holds; `wanted` as in "must be WANTED".
void check_form(Findings& findings, const Node& node, bool (*form)(std::string_view),
                std::string_view wanted);

/// Whether the text has `{{ … }}`, as other tools write expressions.
bool has_double_braces(std::string_view text);

/// How the text would be written as one expression, where it tries to be one: `{{ .x }}` and
/// `a ${ .x } b`. Empty where it does not try.
std::string expression_hint(std::string_view text);

}  // namespace penstock::lint
