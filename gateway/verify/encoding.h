// Hex and Base64 as signatures and secrets are written, and a comparison that takes the same time
// whatever differs. Pure, any thread.
//
// Limitations: decoding is strict (length, alphabet, unused bits zero), so that one signature has
// one spelling; only Base64url may leave its padding out. Hex is read in either case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::verify {

enum class Encoding : uint8_t {
  kHex,
  kBase64,
  kBase64Url,
  kAny,  ///< hex when it reads as hex, else either Base64
};

/// "hex", "base64", "base64url" or "any".
std::string_view encoding_name(Encoding encoding);
std::string encode(Encoding encoding, std::string_view bytes);
std::optional<std::string> decode(Encoding encoding, std::string_view text);
/// Base64 or Base64url, padded or not: for secrets, which people copy by hand.
std::optional<std::string> decode_base64_loosely(std::string_view text);

/// Equal, in time that depends on the lengths only.
bool same_bytes(std::string_view a, std::string_view b);

}  // namespace penstock::verify
