// All functions written in C++, found by name.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "executor/jq/native/call.h"

namespace penstock::jq {

/// The native of that name; nullptr: none.
const Native* find_native(std::string_view name, size_t arity);
/// "name/arity" of all.
std::vector<std::string> native_names();

// The tables, one a file in native/.
std::span<const Native> list_natives();
std::span<const Native> math_natives();
std::span<const Native> member_natives();
std::span<const Native> misc_natives();
std::span<const Native> regex_natives();
std::span<const Native> text_natives();
std::span<const Native> time_natives();

}  // namespace penstock::jq
