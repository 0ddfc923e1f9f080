// The wording of jq's error messages. Pure functions.
#pragma once

#include <string>

#include "executor/json/value.h"

namespace penstock::jq {

/// The value as JSON, cut to jq's eleven bytes.
std::string excerpt(const json::Value& value);
/// The same with room for a few more, as the errors about paths have it.
std::string excerpt_long(const json::Value& value);
/// Kind and excerpt: `number (1)`, `string ("very-long-...)`.
std::string describe(const json::Value& value);
/// Why `container` has nothing at `key`.
std::string cannot_index(const json::Value& container, const json::Value& key);

}  // namespace penstock::jq
