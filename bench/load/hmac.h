// HMAC with one key, used again and again; OpenSSL stays in hmac.cc. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::bench {

class Hmac {
 public:
  /// `digest`: SHA256, SHA1, SHA512.
  static Result<std::unique_ptr<Hmac>> make(const char* digest, std::string_view key);
  ~Hmac();
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;

  /// The raw code of `prefix` followed by `body`.
  std::string sign(std::string_view prefix, std::string_view body);

 private:
  struct Impl;
  explicit Hmac(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
/// Fault: the text is no base64.
Result<std::string> from_base64(std::string_view text);

}  // namespace penstock::bench
