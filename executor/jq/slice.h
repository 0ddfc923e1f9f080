// Slices: `.[from:to]` of arrays, of strings by code points, and their keys {"start","end"}.
#pragma once

#include <optional>
#include <string_view>

#include "executor/jq/native/call.h"

namespace penstock::jq {

inline constexpr std::string_view slice_error =
    "Start and end indices of an array slice must be numbers";

/// Positions within a sequence, begin <= end <= its size.
struct SliceRange {
  size_t begin;
  size_t end;
};

/// What `key` means for a sequence of `size`; nullopt: its bounds are no numbers.
std::optional<SliceRange> slice_range(const json::Value& key, size_t size);
/// The slice of an array or a string.
json::Value slice(Call& call, const json::Value& sequence, const json::Value& key);

}  // namespace penstock::jq
