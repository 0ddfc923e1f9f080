// jq's operators on values.
#pragma once

#include "executor/jq/native/call.h"
#include "executor/jq/tree.h"

namespace penstock::jq {

/// left op right. Uses `left` up: a sole array, object or string grows in place.
json::Value apply(Call& call, Operator op, json::Value left, const json::Value& right);
/// The arithmetic sign turned.
json::Value negate(Call& call, const json::Value& value);
/// left + right alone, as `add` and `join` use it.
json::Value add(Call& call, json::Value left, const json::Value& right);
/// The parts of `text` between separators; by code points where the separator is empty.
json::Value split(Call& call, const json::Value& string, const json::Value& separator);
json::Value split(std::string_view text, std::string_view separator);

}  // namespace penstock::jq
