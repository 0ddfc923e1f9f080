#include "gateway/verify/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "gateway/verify/encoding.h"

namespace penstock::verify {

namespace {

constexpr size_t ed25519_bytes = 32, p256_bytes = 32;
constexpr int rsa_bits_min = 2048;

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* build) const { OSSL_PARAM_BLD_free(build); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Own = std::unique_ptr<T, Free>;

evp_pkey_st* from_pem(std::string_view text) {
  const Own<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr;
}

evp_pkey_st* from_der(std::string_view der) {
  const unsigned char* at = octets(der);
  evp_pkey_st* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
  if (key && at == octets(der) + der.size()) return key;
  EVP_PKEY_free(key);
  return nullptr;
}

evp_pkey_st* from_ed25519(std::string_view bytes) {
  return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(bytes), bytes.size());
}

/// A key from its numbers; `type` as OpenSSL names it.
evp_pkey_st* from_params(const char* type, OSSL_PARAM_BLD* build) {
  const Own<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(build));
  const Own<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  evp_pkey_st* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return key;
}

bool is_p256(const evp_pkey_st* key) {
  char group[64] = "";
  size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

bool is_of_kind(KeyKind kind, const evp_pkey_st* key) {
  switch (kind) {
    case KeyKind::kEd25519:
      return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    case KeyKind::kP256:
      return is_p256(key);
    case KeyKind::kRsa:
      break;
  }
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= rsa_bits_min;
}

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') out += c;
  return out;
}

evp_pkey_st* read_any(KeyKind kind, std::string_view text) {
  if (text.find("-----BEGIN") != std::string_view::npos) return from_pem(text);
  const std::string packed = without_spaces(text);
  const auto hex = decode(Encoding::kHex, packed);
  if (kind == KeyKind::kEd25519 && hex && hex->size() == ed25519_bytes) return from_ed25519(*hex);
  const auto bytes = hex ? hex : decode_base64_loosely(packed);
  if (!bytes) return nullptr;
  if (kind == KeyKind::kEd25519 && bytes->size() == ed25519_bytes) return from_ed25519(*bytes);
  return from_der(*bytes);
}

}  // namespace

std::string_view key_kind_name(KeyKind kind) {
  if (kind == KeyKind::kEd25519) return "Ed25519";
  return kind == KeyKind::kP256 ? "P-256" : "RSA";
}

void PublicKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Result<PublicKey> PublicKey::take(KeyKind kind, Handle key) {
  ERR_clear_error();
  if (key && is_of_kind(kind, key.get())) return PublicKey(kind, std::move(key));
  std::string wanted = kind == KeyKind::kRsa ? "an RSA public key of 2048 bits or more"
                                             : std::string(kind == KeyKind::kP256 ? "a " : "an ") +
                                                   std::string(key_kind_name(kind)) + " public key";
  return Status::invalid("this is not " + wanted + " in PEM, hex or Base64");
}

Result<PublicKey> PublicKey::read(KeyKind kind, std::string_view text) {
  return take(kind, Handle(read_any(kind, text)));
}

Result<PublicKey> PublicKey::ed25519(std::string_view bytes) {
  return take(KeyKind::kEd25519,
              Handle(bytes.size() == ed25519_bytes ? from_ed25519(bytes) : nullptr));
}

Result<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
  Handle key;
  const std::string point = "\x04" + std::string(x) + std::string(y);
  const Own<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  const bool built =
      build && x.size() == p256_bytes && y.size() == p256_bytes &&
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) == 1;
  if (built) key.reset(from_params("EC", build.get()));
  return take(KeyKind::kP256, std::move(key));
}

Result<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  Handle key;
  const Own<BIGNUM> n(BN_bin2bn(octets(modulus), static_cast<int>(modulus.size()), nullptr));
  const Own<BIGNUM> e(BN_bin2bn(octets(exponent), static_cast<int>(exponent.size()), nullptr));
  const Own<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  const bool built = build && n && e &&
                     OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
                     OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1;
  if (built) key.reset(from_params("RSA", build.get()));
  return take(KeyKind::kRsa, std::move(key));
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
  const Own<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const char* hash = kind_ == KeyKind::kEd25519 ? nullptr : "SHA256";
  if (!context || EVP_DigestVerifyInit_ex(context.get(), nullptr, hash, nullptr, nullptr,
                                          key_.get(), nullptr) != 1)
    return false;
  const bool good = EVP_DigestVerify(context.get(), octets(signature), signature.size(),
                                     octets(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string der_of_raw_p256(std::string_view raw) {
  if (raw.size() != 2 * p256_bytes) return {};
  const Own<ECDSA_SIG> signature(ECDSA_SIG_new());
  Own<BIGNUM> r(BN_bin2bn(octets(raw), p256_bytes, nullptr));
  Own<BIGNUM> s(BN_bin2bn(octets(raw) + p256_bytes, p256_bytes, nullptr));
  if (!signature || !r || !s) return {};
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  std::string out(reinterpret_cast<const char*>(der), size > 0 ? static_cast<size_t>(size) : 0);
  OPENSSL_free(der);
  return out;
}

}  // namespace penstock::verify
