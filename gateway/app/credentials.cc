#include "gateway/app/credentials.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace penstock::gateway {

static std::string random_text(size_t characters) {
  static constexpr char kAlphabet[] =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string out;
  while (out.size() < characters) {
    unsigned char bytes[64];
    if (RAND_bytes(bytes, sizeof(bytes)) != 1) std::abort();  // never hand out a guessable secret
    for (const unsigned char b : bytes)  // 248 = 4 * 62: no letter is likelier than another
      if (b < 248 && out.size() < characters) out += kAlphabet[b % 62];
  }
  return out;
}

static Status file_fault(const std::string& path, const char* what) {
  return Status::io(std::string("cannot ") + what + " " + path + ": " + std::strerror(errno));
}

static Result<std::string> read_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? Status::not_found(path) : file_fault(path, "read");
  char buffer[4096];
  const ssize_t n = read(fd, buffer, sizeof(buffer));
  close(fd);
  if (n < 0) return file_fault(path, "read");
  return std::string(buffer, static_cast<size_t>(n));
}

/// Written beside and renamed, so that a crash leaves either nothing or the whole secret.
static Status write_file(const std::string& path, std::string_view content) {
  const std::string fresh = path + ".new";
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return file_fault(fresh, "create");
  const bool written = write(fd, content.data(), content.size()) ==
                           static_cast<ssize_t>(content.size()) && fsync(fd) == 0;
  close(fd);
  if (!written || rename(fresh.c_str(), path.c_str()) != 0) return file_fault(path, "write");
  return Status();
}

static Result<std::string> read_or_make(const std::string& path, const std::string& made) {
  auto content = read_file(path);
  if (content.ok() || content.status().fault() != Fault::kNotFound) return content;
  if (Status written = write_file(path, made); !written.ok()) return written;
  return made;
}

static std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

Result<Credentials> Credentials::open(const std::string& data_dir) {
  unsigned char key[32];
  if (RAND_bytes(key, sizeof(key)) != 1) std::abort();
  auto secret = read_or_make(data_dir + "/secret-key",
                             std::string(reinterpret_cast<char*>(key), sizeof(key)));
  if (!secret.ok()) return secret.status();
  if (secret->size() != 32) return Status::corrupt(data_dir + "/secret-key is not 32 bytes long");
  auto token = read_or_make(data_dir + "/admin-token", make_secret("pat_") + "\n");
  if (!token.ok()) return token.status();
  if (trimmed(*token).size() < 20)
    return Status::corrupt(data_dir + "/admin-token is too short; remove it to get a new one");
  Credentials opened;
  opened.secret_key_ = *secret;
  opened.admin_token_hash_ = opened.hash_key(trimmed(*token));
  return opened;
}

bool Credentials::is_admin(std::string_view presented) const {
  return same_bytes(hash_key(presented), admin_token_hash_);
}

std::string Credentials::make_secret(std::string_view prefix) {
  return std::string(prefix) + random_text(43);  // 43 * log2(62) = 256 bits
}

std::string Credentials::make_url_token() { return random_text(27); }

records::ApiKey Credentials::stored_key(std::string_view key, uint64_t created_at_ms) const {
  records::ApiKey stored;
  stored.set_hash(hash_key(key));
  stored.set_prefix(std::string(key.substr(0, 8)));
  stored.set_created_at_ms(created_at_ms);
  return stored;
}

std::string Credentials::hash_user(std::string_view salt, std::string_view name,
                                   std::string_view password) const {
  // Lengths before the parts, so that no two pairs are one text.
  std::string text = "basic:" + std::to_string(salt.size()) + ":" + std::to_string(name.size()) + ":";
  text.append(salt).append(name).append(password);
  return hash_key(text);
}

records::BasicUser Credentials::stored_user(const std::string& name,
                                            std::string_view password) const {
  records::BasicUser user;
  user.set_name(name);
  user.set_salt(random_text(16));
  user.set_hash(hash_user(user.salt(), name, password));
  return user;
}

bool Credentials::is_password(const records::BasicUser& user, std::string_view name,
                              std::string_view password) const {
  return same_bytes(user.hash(), hash_user(user.salt(), name, password));
}

std::string Credentials::hash_key(std::string_view key) const {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret_key_.data(), static_cast<int>(secret_key_.size()),
       reinterpret_cast<const unsigned char*>(key.data()), key.size(), out, &size);
  return std::string(reinterpret_cast<char*>(out), size);
}

bool Credentials::same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace penstock::gateway
