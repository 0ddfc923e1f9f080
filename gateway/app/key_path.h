// Reads one value out of a JSON body by a plain path, .data.id or .items[0]["first name"], which is
// also a jq expression; anything more is an executor's work. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/body.h"

namespace penstock::gateway {

/// Whether read_key_path() can read it.
bool is_key_path(std::string_view expression);

/// The value as a key: a string's text, a number or a boolean as written. nullopt: nothing there,
/// null, or no scalar. `body` must be JSON.
std::optional<std::string> read_key_path(const Body& body, std::string_view path);

}  // namespace penstock::gateway
