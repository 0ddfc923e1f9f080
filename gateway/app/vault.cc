#include "gateway/app/vault.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "gateway/verify/encoding.h"

namespace penstock::gateway {

namespace {

constexpr size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16, kFileBytesMax = 64 * 1024;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string random_bytes(size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(count)) != 1) std::abort();  // never guessable
  return bytes;
}

/// What is authenticated beside the value.
std::string bound_to(std::string_view purpose, uint32_t key_version) {
  return fmt::format("penstock-vault:1:{}:{}", key_version, purpose);
}

/// Sets the cipher up with key, nonce and bound text, for sealing or opening.
bool begin(EVP_CIPHER_CTX* cipher, bool sealing, const std::string& key, std::string_view nonce,
           const std::string& bound) {
  int size = 0;
  return EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), nullptr, bytes_of(std::string_view(key)),
                           bytes_of(nonce), sealing ? 1 : 0) == 1 &&
         EVP_CipherUpdate(cipher, nullptr, &size, bytes_of(std::string_view(bound)),
                          static_cast<int>(bound.size())) == 1;
}

Status fault(const std::string& path) {
  return Status::io(path + ": " + std::strerror(errno));
}

Result<std::string> read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? Status::not_found(path) : fault(path);
  std::string text(kFileBytesMax, '\0');
  const ssize_t got = ::read(fd, text.data(), text.size());
  ::close(fd);
  if (got < 0) return fault(path);
  text.resize(static_cast<size_t>(got));
  return text;
}

/// Beside and renamed, file and folder synced: after a crash there are the old keys or the new.
Status write_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fault(fresh);
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
  ::close(fd);
  if (!written || rename(fresh.c_str(), path.c_str()) != 0) return fault(path);
  const int folder = ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY);
  if (folder < 0) return fault(path);
  const bool synced = fsync(folder) == 0;
  ::close(folder);
  return synced ? Status() : fault(path);
}

}  // namespace

Result<Vault> Vault::open(const std::string& data_dir) {
  Vault vault;
  vault.path_ = data_dir + "/vault-keys";
  auto text = read_file(vault.path_);
  if (!text.ok() && text.status().fault() == Fault::kNotFound) {
    PENSTOCK_TRY(vault.write({{1, random_bytes(kKeyBytes)}}));
    return vault;
  }
  if (!text.ok()) return text.status();
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    const std::string_view line = std::string_view(*text).substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    const size_t space = std::min(line.find(' '), line.size());
    uint32_t version = 0;
    const auto read = std::from_chars(line.data(), line.data() + space, version);
    const auto key =
        verify::decode(verify::Encoding::kHex, space < line.size() ? line.substr(space + 1) : "");
    if (read.ptr != line.data() + space || version == 0 || !key || key->size() != kKeyBytes)
      return Status::corrupt(vault.path_ + " is damaged: a line is no version and 64 hex digits");
    vault.keys_[version] = *key;
  }
  OPENSSL_cleanse(text->data(), text->size());
  if (vault.keys_.empty()) return Status::corrupt(vault.path_ + " holds no key");
  return vault;
}

Status Vault::write(Keys keys) {
  std::string text;
  for (const auto& [version, key] : keys)
    text += fmt::format("{} {}\n", version, verify::encode(verify::Encoding::kHex, key));
  const Status written = write_file(path_, text);
  OPENSSL_cleanse(text.data(), text.size());
  if (written.ok()) keys_ = std::move(keys);
  return written;
}

records::SealedSecret Vault::seal(std::string_view purpose, std::string_view value,
                                  uint64_t now_ms) const {
  const auto& [version, key] = *keys_.rbegin();
  std::string sealed = random_bytes(kNonceBytes);
  sealed.resize(kNonceBytes + value.size() + kTagBytes);
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0, rest = 0;
  unsigned char* out = bytes_of(sealed) + kNonceBytes;
  const bool done =
      cipher &&
      begin(cipher.get(), true, key, std::string_view(sealed).substr(0, kNonceBytes),
            bound_to(purpose, version)) &&
      EVP_CipherUpdate(cipher.get(), out, &size, bytes_of(value), static_cast<int>(value.size())) ==
          1 &&
      EVP_CipherFinal_ex(cipher.get(), out + size, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, out + value.size()) == 1;
  if (!done) std::abort();  // no memory
  records::SealedSecret secret;
  secret.set_sealed(std::move(sealed));
  secret.set_key_version(version);
  secret.set_created_at_ms(now_ms);
  secret.set_updated_at_ms(now_ms);
  return secret;
}

Result<std::string> Vault::unseal(std::string_view purpose,
                                  const records::SealedSecret& secret) const {
  const auto key = keys_.find(secret.key_version());
  if (key == keys_.end())
    return Status::corrupt(
        fmt::format("the secret of {} is sealed under key {}, which is not in {}", purpose,
                    secret.key_version(), path_));
  std::string_view sealed = secret.sealed();
  const Status changed = Status::corrupt(fmt::format(
      "the secret of {} does not open: it was changed, or is of something else", purpose));
  if (sealed.size() < kNonceBytes + kTagBytes) return changed;
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  sealed = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string value(sealed.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0, rest = 0;
  const bool opened =
      cipher && begin(cipher.get(), false, key->second, nonce, bound_to(purpose, key->first)) &&
      EVP_CipherUpdate(cipher.get(), bytes_of(value), &size, bytes_of(sealed),
                       static_cast<int>(sealed.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_CipherFinal_ex(cipher.get(), bytes_of(value) + size, &rest) == 1;
  if (!opened) return changed;
  return value;
}

Status Vault::reseal(std::string_view purpose, records::SealedSecret& sealed) const {
  auto value = unseal(purpose, sealed);
  if (!value.ok()) return value.status();
  records::SealedSecret fresh = seal(purpose, *value, sealed.updated_at_ms());
  OPENSSL_cleanse(value->data(), value->size());
  fresh.set_created_at_ms(sealed.created_at_ms());
  sealed = std::move(fresh);
  return Status();
}

Status Vault::add_key() {
  Keys keys = keys_;
  keys[key_version() + 1] = random_bytes(kKeyBytes);
  return write(std::move(keys));
}

Status Vault::forget_old_keys() {
  return write({*keys_.rbegin()});
}

}  // namespace penstock::gateway
