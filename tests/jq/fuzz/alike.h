// Whether two outputs are the same to a user: same kinds, keys in the same order, same text, and
// numbers alike to the last digits that a double holds.
#pragma once

#include "executor/json/value.h"

namespace penstock::jq::fuzz {

bool alike(const json::Value& ours, const json::Value& theirs);

}  // namespace penstock::jq::fuzz
