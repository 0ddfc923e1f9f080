// The built-in functions that are written in jq.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::jq {

/// The definition of "name/arity"; empty: there is none.
std::string_view builtin_source(std::string_view name);
/// "name/arity" of all.
std::vector<std::string> builtin_names();

}  // namespace penstock::jq
