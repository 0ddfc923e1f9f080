#include "bench/load/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>

namespace penstock::bench {

struct Hmac::Impl {
  EVP_MAC* mac = nullptr;
  EVP_MAC_CTX* context = nullptr;
  ~Impl() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
  }
};

Hmac::Hmac(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Hmac::~Hmac() = default;

Result<std::unique_ptr<Hmac>> Hmac::make(const char* digest, std::string_view key) {
  if (key.empty()) return Status::invalid("the secret is empty");
  auto impl = std::make_unique<Impl>();
  impl->mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  impl->context = EVP_MAC_CTX_new(impl->mac);
  std::string name = digest;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0), OSSL_PARAM_END};
  if (!EVP_MAC_init(impl->context, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                    parameters))
    return Status::unsupported(std::string("OpenSSL has no HMAC with ") + digest);
  return std::unique_ptr<Hmac>(new Hmac(std::move(impl)));
}

std::string Hmac::sign(std::string_view prefix, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code;
  size_t size = 0;
  EVP_MAC_init(impl_->context, nullptr, 0, nullptr);  // the key stays
  EVP_MAC_update(impl_->context, reinterpret_cast<const unsigned char*>(prefix.data()),
                 prefix.size());
  EVP_MAC_update(impl_->context, reinterpret_cast<const unsigned char*>(body.data()), body.size());
  EVP_MAC_final(impl_->context, code.data(), &size, code.size());
  return {reinterpret_cast<const char*>(code.data()), size};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  std::string out(text.size() + 4, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return Status::invalid("the secret is no base64");
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') padding++;
  out.resize(static_cast<size_t>(size) - padding);
  return out;
}

}  // namespace penstock::bench
