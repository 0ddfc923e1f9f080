// The closed list of what can be wrong with a request, as senders see it: a stable word, an HTTP
// status, and whether trying again can help. INTERFACE's "Codes".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock {

enum class Code : uint8_t {
  kInvalidJson, kBadRequest, kUnauthorized, kBadSignature, kStaleTimestamp, kAddressRefused,
  kForbidden, kUnknownTrigger, kUnknownRun, kNotFound, kMethodNotAllowed, kTimeout, kKeyInFlight, kConflict, kNotListening,
  kCancelled, kResultExpired, kPayloadTooLarge, kUriTooLong, kUnsupportedMediaType,
  kExpectationFailed, kKeyReused, kInvalidDefinition, kUnprocessable, kRateLimited, kHeadersTooLarge, kWorkflowFailed,
  kRunDead, kInternal, kNotImplemented, kVersionNotSupported, kQueueFull, kStorageUnavailable, kDraining, kNoExecutor,
};

struct ProblemKind {
  std::string_view word;
  uint16_t status;
  bool retryable;
  std::string_view title;
};

/// The fixed facts of a code.
const ProblemKind& problem_kind(Code code);

/// A request that is refused, as a value: the code and one sentence that says what to do.
struct Rejected {
  Code code;
  std::string detail;
  uint32_t retry_after_s = 0;  ///< for 429 and 503
};

}  // namespace penstock
