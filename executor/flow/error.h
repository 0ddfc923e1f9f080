// An error as the workflow language has it: RFC 9457 fields with a type from the specification's
// list, and `instance`, the JSON pointer of the task it comes from. A value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "executor/json/value.h"

namespace penstock::flow {

/// The kinds that the specification names.
enum class ErrorKind : uint8_t {
  kConfiguration,
  kValidation,
  kExpression,
  kAuthentication,
  kAuthorization,
  kTimeout,
  kCommunication,
  kRuntime,
};

struct Error {
  std::string type;
  uint32_t status = 0;
  std::string title;
  std::string detail;
  std::string instance;
  // Not part of the language:
  bool retryable = false;       ///< a new attempt of the whole run may help
  uint64_t retry_after_ms = 0;  ///< how long the other side asked to be left alone

  bool operator==(const Error&) const = default;

  /// An error of a named kind with the specification's status and title.
  static Error of(ErrorKind kind, std::string detail);
  /// `communication` with the status that the other side answered.
  static Error answered(uint32_t status, std::string detail);
  /// Reads the object form; absent fields stay empty.
  static Error from(const json::Value& value);
  /// The object form, without the empty fields.
  json::Value value() const;
};

/// Whether two error types mean the same: their last path segments are equal (both hosts and both
/// path forms of the specification are in use), or the whole texts are.
bool same_error_type(std::string_view a, std::string_view b);

}  // namespace penstock::flow
