// What an unquoted YAML scalar means under the YAML 1.2 core schema: `yes`, `on` and `12:30` are
// strings. Numbers keep their digits, respelled only where JSON has no such spelling.
// No state, any thread.
#pragma once

#include <string>
#include <string_view>

namespace penstock::definition {

enum class ScalarKind {
  kNull,
  kTrue,
  kFalse,
  kNumber,
  kString,
  kNoNumber,  ///< .inf, .nan, or hexadecimal past 64 bits: a number that JSON cannot say
};

struct Scalar {
  ScalarKind kind;
  std::string number;  ///< JSON's spelling of a kNumber
};

/// Resolves an unquoted, untagged scalar.
Scalar resolve_scalar(std::string_view text);

}  // namespace penstock::definition
