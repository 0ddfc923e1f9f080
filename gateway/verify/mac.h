// HMAC and plain digests over text that lies in pieces, so that a body is never copied to be
// signed.
//
// Lifecycle: a MacKey is prepared once a secret and used for every request. Thread: one at a time.
// Limitations: OpenSSL behind it, known only to mac.cc; without memory the program ends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace penstock::verify {

enum class Hash : uint8_t { kSha1, kSha256, kSha384, kSha512 };

/// "sha1", "sha256", "sha384", "sha512".
std::string_view hash_name(Hash hash);
std::optional<Hash> hash_named(std::string_view name);
/// Its output in bytes.
size_t hash_bytes(Hash hash);

using Pieces = std::span<const std::string_view>;

/// The digest of the pieces one behind the other.
std::string digest(Hash hash, Pieces pieces);

/// A secret made ready to sign with.
class MacKey {
 public:
  MacKey(Hash hash, std::string_view secret);
  /// The HMAC of the pieces one behind the other.
  std::string sign(Pieces pieces) const;
  std::string sign(std::string_view text) const { return sign(Pieces(&text, 1)); }

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace penstock::verify
