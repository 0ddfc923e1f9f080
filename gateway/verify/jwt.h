// JSON Web Tokens (RFC 7519) that let a sender in: signature, times, issuer, audience.
//
// Pure: keys and clock are given. Thread: one at a time for a key set.
// Limitations: signed tokens in the compact form only; no encrypted ones, no "crit" extensions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/verify/jwk.h"

namespace penstock::verify {

/// What a token must say.
struct JwtRules {
  std::string issuer = {};    ///< "": any
  std::string audience = {};  ///< "": any
  uint32_t leeway_s = 60;     ///< for clocks that differ
  bool needs_expiry = true;   ///< a token without "exp" would be good for ever
};

struct JwtVerdict {
  bool valid = false;
  std::string detail = {};   ///< why not; never a part of the token
  bool unknown_key = false;  ///< its "kid" is in no key: a set fetched anew may have it
  std::string subject = {};
  std::string claims = {};  ///< the payload, JSON
};

/// Judges a token as it stands behind "Bearer ".
JwtVerdict verify_jwt(std::string_view token, const JwkSet& keys, const JwtRules& rules,
                      int64_t now_s);

}  // namespace penstock::verify
