#include "gateway/verify/mac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>

namespace penstock::verify {

namespace {

constexpr std::string_view kNames[] = {"sha1", "sha256", "sha384", "sha512"};
constexpr size_t kBytes[] = {20, 32, 48, 64};

const char* openssl_name(Hash hash) {
  static constexpr const char* kOpenssl[] = {"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"};
  return kOpenssl[static_cast<size_t>(hash)];
}

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// None of these calls can fail but for want of memory, and an unsigned answer must not pass.
void must(bool done) {
  if (!done) std::abort();
}

}  // namespace

std::string_view hash_name(Hash hash) {
  return kNames[static_cast<size_t>(hash)];
}

std::optional<Hash> hash_named(std::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<Hash>(i);
  return std::nullopt;
}

size_t hash_bytes(Hash hash) {
  return kBytes[static_cast<size_t>(hash)];
}

std::string digest(Hash hash, Pieces pieces) {
  const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> method(
      EVP_MD_fetch(nullptr, openssl_name(hash), nullptr), EVP_MD_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  must(method && context && EVP_DigestInit_ex2(context.get(), method.get(), nullptr) == 1);
  for (const std::string_view piece : pieces)
    must(EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1);
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  must(EVP_DigestFinal_ex(context.get(), out, &size) == 1);
  return {reinterpret_cast<const char*>(out), size};
}

void MacKey::Free::operator()(evp_mac_ctx_st* context) const {
  EVP_MAC_CTX_free(context);
}

MacKey::MacKey(Hash hash, std::string_view secret) {
  const std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)> method(EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                            EVP_MAC_free);
  must(method != nullptr);
  context_.reset(EVP_MAC_CTX_new(method.get()));
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(
                                   OSSL_MAC_PARAM_DIGEST, const_cast<char*>(openssl_name(hash)), 0),
                               OSSL_PARAM_construct_end()};
  must(context_ && EVP_MAC_init(context_.get(), octets(secret), secret.size(), params) == 1);
}

std::string MacKey::sign(Pieces pieces) const {
  // Without a key the context begins again with the one it has: much cheaper than a new one.
  must(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);
  for (const std::string_view piece : pieces)
    must(EVP_MAC_update(context_.get(), octets(piece), piece.size()) == 1);
  unsigned char out[EVP_MAX_MD_SIZE];
  size_t size = 0;
  must(EVP_MAC_final(context_.get(), out, &size, sizeof(out)) == 1);
  return {reinterpret_cast<const char*>(out), size};
}

}  // namespace penstock::verify
