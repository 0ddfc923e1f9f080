// URI templates, as far as workflows use them: `{name}` and `{+name}` for the members of the task's
// input, and `{?a,b}` / `{&a,b}` for query parts (RFC 6570's levels 1 to 3 without `.`, `/`, `;`).
#pragma once

#include <string>
#include <string_view>

#include "executor/json/value.h"

namespace penstock::executor {

/// The address with the members of `variables` put in; what has no value leaves nothing behind.
/// Braces that hold no names stay as they are.
std::string expanded(std::string_view uri, const json::Value& variables);

}  // namespace penstock::executor
