#include "gateway/verify/secret.h"

#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr std::string_view kSecretMark = "whsec_", kPublicMark = "whpk_", kPrivateMark = "whsk_";

Result<std::string> webhook_secret(std::string_view text) {
  if (text.starts_with(kPublicMark) || text.starts_with(kPrivateMark))
    return Status::invalid("this is a key of a pair (whpk_, whsk_), not a shared secret (whsec_)");
  const bool marked = text.starts_with(kSecretMark);
  const auto bytes = decode_base64_loosely(text.substr(marked ? kSecretMark.size() : 0));
  if (bytes && !bytes->empty()) return *bytes;
  if (marked) return Status::invalid("behind whsec_ the secret must be Base64");
  return std::string(text);
}

Result<std::string> secret_bytes(SecretForm form, std::string_view text) {
  if (form == SecretForm::kWebhookSecret) return webhook_secret(text);
  if (form != SecretForm::kHex && form != SecretForm::kBase64) return std::string(text);
  const bool hex = form == SecretForm::kHex;
  const auto bytes = hex ? decode(Encoding::kHex, text) : decode_base64_loosely(text);
  if (bytes && !bytes->empty()) return *bytes;
  return Status::invalid(hex ? "the secret must be hex" : "the secret must be Base64");
}

Result<Secret> public_secret(const Scheme& scheme, std::string_view text, size_t index) {
  if (text.starts_with(kSecretMark))
    return Status::invalid("this is a shared secret (whsec_), not a public key (whpk_)");
  if (text.starts_with(kPrivateMark))
    return Status::invalid("this is the sender's private key (whsk_); give the public one (whpk_)");
  if (text.starts_with(kPublicMark)) text.remove_prefix(kPublicMark.size());
  Result<PublicKey> key = PublicKey::read(scheme.key, text);
  if (!key) return key.status();
  return Secret{.index = index, .token = {}, .key = std::move(*key)};
}

}  // namespace

Result<Secret> read_secret(const Scheme& scheme, std::string_view text, size_t index) {
  if (text.empty()) return Status::invalid("the secret is empty");
  if (text.size() > limits::verify_secret_bytes_max)
    return Status::invalid("the secret is over " + std::to_string(limits::verify_secret_bytes_max) +
                           " bytes");
  if (scheme.method == Method::kPublicKey) return public_secret(scheme, text, index);
  Result<std::string> bytes = secret_bytes(scheme.secret, text);
  if (!bytes) return bytes.status();
  if (scheme.method == Method::kHmac)
    return Secret{.index = index, .token = {}, .mac = MacKey(scheme.hash, *bytes)};
  if (scheme.secret != SecretForm::kUserPassword) return Secret{index, std::move(*bytes)};
  if (bytes->find(':') == std::string::npos)
    return Status::invalid("the secret must be of the form user:password");
  return Secret{index, "Basic " + encode(Encoding::kBase64, *bytes)};
}

}  // namespace penstock::verify
