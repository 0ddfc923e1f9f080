#include "gateway/app/receipts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "gateway/verify/encoding.h"
#include "gateway/verify/mac.h"
#include "gateway/verify/public_key.h"

namespace penstock::gateway {
namespace {

constexpr size_t kKeyBytes = 32, kSignatureBytes = 64, kKeyIdDigits = 16;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key key_of(const std::string& seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), kKeyBytes));
}

Status fault(const std::string& path) {
  return Status::io(path + ": " + std::strerror(errno));
}

/// The file's bytes, "" when there is none.
Result<std::string> read_seed(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::string();
  if (fd < 0) return fault(path);
  char bytes[kKeyBytes + 1];
  const ssize_t got = read(fd, bytes, sizeof(bytes));
  close(fd);
  if (got != static_cast<ssize_t>(kKeyBytes))
    return Status::corrupt(path + " is not 32 bytes long; remove it to get a new key");
  return std::string(bytes, kKeyBytes);
}

/// Beside and renamed: after a crash there is either no key or the whole one.
Result<std::string> make_seed(const std::string& path) {
  unsigned char bytes[kKeyBytes];
  if (RAND_bytes(bytes, kKeyBytes) != 1) std::abort();  // never sign with a guessable key
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fault(fresh);
  const bool written =
      write(fd, bytes, kKeyBytes) == static_cast<ssize_t>(kKeyBytes) && fsync(fd) == 0;
  close(fd);
  if (!written || rename(fresh.c_str(), path.c_str()) != 0) return fault(path);
  return std::string(reinterpret_cast<char*>(bytes), kKeyBytes);
}

}  // namespace

std::string Receipt::text() const {
  return fmt::format("penstock-receipt:v1:{}:{}:{}:{}:{}", id, body_sha256, position, time,
                     durability);
}

std::string Receipt::json(const std::string& signature, const std::string& key_id) const {
  return fmt::format(
      R"({{"id":"{}","body_sha256":"{}","position":{},"time":"{}","durability":"{}","key_id":"{}",)"
      R"("signature":"{}"}})",
      id, body_sha256, position, time, durability, key_id, signature);
}

std::string Receipt::header(const std::string& signature, const std::string& key_id) const {
  return fmt::format(
      "Penstock-Receipt: id=\"{}\", body_sha256=\"{}\", position={}, time=\"{}\", "
      "durability=\"{}\", key_id=\"{}\", signature=\"{}\"\r\n",
      id, body_sha256, position, time, durability, key_id, signature);
}

Result<Receipts> Receipts::open(const std::string& data_dir) {
  const std::string path = data_dir + "/receipt-key";
  auto seed = read_seed(path);
  if (seed.ok() && seed->empty()) seed = make_seed(path);
  if (!seed.ok()) return seed.status();
  Receipts opened;
  opened.seed_ = *std::move(seed);
  const Key key = key_of(opened.seed_);
  unsigned char raw[kKeyBytes];
  size_t size = sizeof(raw);
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), raw, &size) != 1 || size != kKeyBytes)
    return Status::corrupt(path + " is no Ed25519 key");
  const std::string_view bytes(reinterpret_cast<char*>(raw), kKeyBytes);
  opened.public_key_ = verify::encode(verify::Encoding::kBase64Url, bytes);
  const std::string hash = verify::digest(verify::Hash::kSha256, verify::Pieces(&bytes, 1));
  opened.key_id_ = verify::encode(verify::Encoding::kHex, hash).substr(0, kKeyIdDigits);
  return opened;
}

std::string Receipts::sign(const Receipt& receipt) const {
  const std::string text = receipt.text();
  const Key key = key_of(seed_);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  unsigned char out[kSignatureBytes];
  size_t size = sizeof(out);
  if (!key || !context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), out, &size, bytes_of(text), text.size()) != 1)
    std::abort();  // no memory
  return verify::encode(verify::Encoding::kBase64Url,
                        std::string_view(reinterpret_cast<char*>(out), size));
}

std::string Receipts::key_set_json() const {
  return fmt::format(
      R"({{"keys":[{{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"{}","x":"{}"}}]}})",
      key_id_, public_key_);
}

bool Receipts::verify(std::string_view public_key, std::string_view signature,
                      std::string_view text) {
  const auto raw_key = verify::decode(verify::Encoding::kBase64Url, public_key);
  const auto raw_signature = verify::decode(verify::Encoding::kBase64Url, signature);
  if (!raw_key || !raw_signature) return false;
  const auto key = verify::PublicKey::ed25519(*raw_key);
  return key.ok() && key->verifies(text, *raw_signature);
}

SignedReceipt Receipts::signed_receipt(const Receipt& receipt) const {
  const std::string signature = sign(receipt);
  return {receipt.header(signature, key_id_), receipt.json(signature, key_id_)};
}

void SignedReceipt::add_to(std::string& headers, std::string& body) const {
  if (json.empty()) return;
  headers += header;
  body.erase(body.rfind('}'));
  body.append(",\"receipt\":").append(json).append("}\n");
}

}  // namespace penstock::gateway
