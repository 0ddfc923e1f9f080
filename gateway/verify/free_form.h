// The `hmac` preset as a user describes it. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/verify/preset.h"
#include "gateway/verify/request.h"
#include "proto/status.h"

namespace penstock::verify {

/// What a user may say; every field has a default.
struct FreeForm {
  std::string header = "x-signature";
  std::string algorithm = "sha256";      ///< sha1, sha256, sha384, sha512
  std::string encoding = "any";          ///< hex, base64, base64url, any
  std::string prefix = {};               ///< "sha256=", "v1=" …
  std::string text = "{body}";           ///< as in signed_text.h
  std::string secret_encoding = "text";  ///< text, hex, base64, whsec
  std::string timestamp_header = {};
  std::string timestamp_unit = "s";  ///< s, ms, iso
  std::string id_header = {};
  uint32_t tolerance_s = 300;  ///< only where a timestamp is signed
};

/// For a person who tries a captured request: the signature's header, its prefix and the algorithm
/// as the request shows them, where `form` still has the defaults. Never for a trigger.
FreeForm guessed(FreeForm form, const SignedRequest& request);

/// Fault: kInvalid naming the field and what it may be.
Result<Preset> free_form_preset(const FreeForm& form);

}  // namespace penstock::verify
