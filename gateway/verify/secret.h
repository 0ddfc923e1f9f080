// A secret as its sender shows it, made ready to check with. Never shown, never in a message.
// Lifecycle: read once a trigger. Thread: one at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/verify/mac.h"
#include "gateway/verify/public_key.h"
#include "gateway/verify/scheme.h"
#include "proto/status.h"

namespace penstock::verify {

struct Secret {
  size_t index = 0;   ///< which of the trigger's secrets; 0 is the newest
  std::string token;  ///< of kToken and kDigest
  std::optional<MacKey> mac = {};
  std::optional<PublicKey> key = {};
};

/// The secret for a scheme. Fault: kInvalid with what the form should be.
Result<Secret> read_secret(const Scheme& scheme, std::string_view text, size_t index);

}  // namespace penstock::verify
