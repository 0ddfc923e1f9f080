// One thing the linter has to say about a definition. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "executor/definition/source_map.h"

namespace penstock::lint {

enum class Severity : uint8_t { kError, kWarning };

struct Finding {
  Severity severity;
  std::string_view code;  ///< one of the words below; stable, for scripts
  definition::Position at;
  std::string pointer;  ///< JSON pointer of the value meant
  std::string message;
  std::string hint;  ///< what to do instead; may be empty
};

/// The stable words. What begins with `schema.` is what any validator of the standard refuses; the
/// other errors are definitions that are well-formed but could not run here; `advice` only warns.
namespace code {
inline constexpr std::string_view kSyntax = "syntax";
inline constexpr std::string_view kUnknownKey = "schema.unknown-key";
inline constexpr std::string_view kMissingKey = "schema.missing-key";
inline constexpr std::string_view kWrongType = "schema.wrong-type";
inline constexpr std::string_view kBadValue = "schema.bad-value";
inline constexpr std::string_view kAmbiguous = "schema.ambiguous";
inline constexpr std::string_view kExpression = "expression";
inline constexpr std::string_view kReference = "reference";
inline constexpr std::string_view kFlow = "flow";
inline constexpr std::string_view kUnsupported = "unsupported";
inline constexpr std::string_view kAdvice = "advice";
}  // namespace code

}  // namespace penstock::lint
