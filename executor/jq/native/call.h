// A built-in function written in C++: what it gets and how it fails.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "executor/jq/error_text.h"
#include "executor/jq/guard.h"

namespace penstock::jq {

class RegexCache;

/// One call. A native returns its output, or whatever fail() gives.
struct Call {
  Guard& guard;
  RegexCache& regexes;
  double now_s = 0;
  std::optional<json::Value> error;  ///< set: the call failed with this

  json::Value fail(std::string message) {
    return fail_with(json::Value::string(std::move(message)));
  }
  json::Value fail_with(json::Value value) {
    error = std::move(value);
    return {};
  }
};

/// args[0] is the input, then the arguments; they may be moved from.
using NativeFunction = json::Value (*)(Call& call, json::Value* args);

/// What a call's time grows with.
enum class Cost : uint8_t {
  kConstant,
  kSize,    ///< the input's elements
  kWeight,  ///< all that is in the input
};

struct Native {
  std::string_view name;
  uint8_t arity;
  NativeFunction function;
  Cost cost = Cost::kConstant;
};

inline constexpr size_t native_arity_max = 4;

}  // namespace penstock::jq
