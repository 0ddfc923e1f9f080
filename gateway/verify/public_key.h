// Public keys of senders who sign with a private one: Ed25519, ECDSA on P-256, RSA.
//
// Lifecycle: read once, used for every request. Thread: any; verifying does not change a key.
// Limitations: OpenSSL behind it, known only to public_key.cc. RSA is PKCS #1 v1.5 with SHA-256 and
// at least 2048 bits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "proto/status.h"

struct evp_pkey_st;

namespace penstock::verify {

enum class KeyKind : uint8_t { kEd25519, kP256, kRsa };

/// "Ed25519", "P-256", "RSA".
std::string_view key_kind_name(KeyKind kind);

class PublicKey {
 public:
  /// Reads a key as its sender shows it: PEM, Base64 of the DER form, and for Ed25519 also the bare
  /// 32 bytes as hex or Base64. Fault: kInvalid, without the key's text.
  static Result<PublicKey> read(KeyKind kind, std::string_view text);
  /// The bare bytes of an Ed25519 key.
  static Result<PublicKey> ed25519(std::string_view bytes);
  /// A point on P-256.
  static Result<PublicKey> p256(std::string_view x, std::string_view y);
  /// Modulus and exponent, big-endian.
  static Result<PublicKey> rsa(std::string_view modulus, std::string_view exponent);

  KeyKind kind() const { return kind_; }
  /// Is it this key's signature of `message`? ECDSA signatures are DER here.
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, Free>;
  PublicKey(KeyKind kind, Handle key) : kind_(kind), key_(std::move(key)) {}
  static Result<PublicKey> take(KeyKind kind, Handle key);

  KeyKind kind_;
  Handle key_;
};

/// ECDSA on P-256 as JOSE writes it (r and s, 32 bytes each) in the DER form; "" when it is neither
/// 64 bytes long nor a number pair.
std::string der_of_raw_p256(std::string_view raw);

}  // namespace penstock::verify
