// What came of checking a signature. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/problem.h"

namespace penstock::verify {

enum class Reason : uint8_t {
  kValid,
  kMissingHeader,       ///< no signature, or a header it needs is not there
  kMalformedHeader,     ///< there, and not of the form the sender documents
  kUnsupportedVersion,  ///< signed in a way that is not accepted (any more)
  kMalformedBody,       ///< the signature is inside a body that cannot be read
  kBodyNotCovered,      ///< the signature would leave the body unsigned
  kMissingUrl,          ///< the URL is signed and we do not know ours: public_url
  kBadSignature,
  kStaleTimestamp,
  kFutureTimestamp,
};

/// "valid", "missing_header", …: stable words.
std::string_view reason_word(Reason reason);
/// The answer's code for a refusal.
Code reason_code(Reason reason);

struct Verdict {
  Reason reason = Reason::kBadSignature;
  std::string detail = {};                   ///< one sentence, without any secret
  std::string scheme = {};                   ///< which of the preset's schemes it was, "" when none
  size_t secret_index = 0;                   ///< which secret matched; 0 is the newest
  std::optional<int64_t> signed_at_ms = {};  ///< the signed time
  std::string id = {};         ///< the sender's signed id of the message, where there is one
  std::string signature = {};  ///< the one that matched, in Base64: a key for replay windows
  bool covers_body = true;     ///< false: the scheme leaves the body unsigned

  bool ok() const { return reason == Reason::kValid; }
  /// The refusal as the front door answers it; only when !ok().
  Rejected rejected() const { return {reason_code(reason), detail}; }
};

}  // namespace penstock::verify
