#include "gateway/verify/verdict.h"

namespace penstock::verify {

std::string_view reason_word(Reason reason) {
  static constexpr std::string_view kWords[] = {
      "valid",           "missing_header",   "malformed_header", "unsupported_version",
      "malformed_body",  "body_not_covered", "missing_url",      "bad_signature",
      "stale_timestamp", "future_timestamp"};
  return kWords[static_cast<size_t>(reason)];
}

Code reason_code(Reason reason) {
  const bool clock = reason == Reason::kStaleTimestamp || reason == Reason::kFutureTimestamp;
  return clock ? Code::kStaleTimestamp : Code::kBadSignature;
}

}  // namespace penstock::verify
