// Reading, changing and deleting at a path: `.a`, `.[0]`, `.[1:3]` and arrays of such steps.
#pragma once

#include "executor/jq/native/call.h"

namespace penstock::jq {

/// container[key], as jq's postfix brackets have it.
json::Value get(Call& call, const json::Value& container, const json::Value& key);
/// `container` with `value` at `key`; in place where `container` is sole.
json::Value set(Call& call, json::Value container, const json::Value& key, json::Value value);
json::Value get_path(Call& call, const json::Value& root, const json::Value& path);
json::Value set_path(Call& call, json::Value root, const json::Value& path, json::Value value);
/// What lies at `path`, taken out of `root` (which has null or nothing there afterwards), so that
/// it can be changed in place and put back by set_path.
json::Value take_path(Call& call, json::Value& root, const json::Value& path);
/// All at once: positions mean what they meant before.
json::Value delete_paths(Call& call, json::Value root, const json::Value& paths);
/// Positions at which `needle` occurs in a string, or as a run in an array.
json::Value positions(Call& call, const json::Value& haystack, const json::Value& needle);

}  // namespace penstock::jq
