// The keys that JSON Web Tokens are checked with: a shared secret, a public key, or a published set
// (JWKS, RFC 7517).
//
// Lifecycle: read once, or again when a set is fetched anew. Thread: one at a time.
// Limitations: RS256, ES256, EdDSA (Ed25519) and HS256. Each key serves one algorithm and no other,
// which is what keeps a public key from being taken for an HMAC secret. Shared secrets inside a
// published set are passed over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/mac.h"
#include "gateway/verify/public_key.h"
#include "proto/status.h"

namespace penstock::verify {

enum class JwtAlgorithm : uint8_t { kHs256, kRs256, kEs256, kEdDsa };

/// "HS256", …
std::string_view jwt_algorithm_name(JwtAlgorithm algorithm);
/// By its exact name; "none" and all else: nullopt.
std::optional<JwtAlgorithm> jwt_algorithm_named(std::string_view name);

struct Jwk {
  std::string id;  ///< "kid"; "": the key has none
  JwtAlgorithm algorithm = JwtAlgorithm::kHs256;
  std::optional<MacKey> mac = {};
  std::optional<PublicKey> key = {};

  /// Is it this key's signature, as a token writes it?
  bool verifies(std::string_view text, std::string_view signature) const;
};

class JwkSet {
 public:
  /// HS256. Fault: kInvalid below 16 bytes, which can be guessed.
  static Result<JwkSet> from_secret(std::string_view secret);
  /// A PEM public key; its kind decides the algorithm.
  static Result<JwkSet> from_pem(std::string_view pem);
  /// A JWKS document. Keys we cannot use are passed over. Fault: kInvalid when none is left.
  static Result<JwkSet> from_jwks(std::string_view json);

  const std::vector<Jwk>& keys() const { return keys_; }

 private:
  std::vector<Jwk> keys_;
};

}  // namespace penstock::verify
