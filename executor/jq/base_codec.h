// Base64 and base32 (RFC 4648), padded when written, padding optional when read. Pure.
#pragma once

#include <string>
#include <string_view>

namespace penstock::jq {

class BaseCodec {
 public:
  enum class Decoded { kDone, kInvalid, kTrailing };

  static BaseCodec base64();
  static BaseCodec base32();

  std::string encode(std::string_view bytes) const;
  /// kTrailing: the last letter alone makes no byte.
  Decoded decode(std::string_view text, std::string& out) const;
  std::string_view name() const { return name_; }

 private:
  BaseCodec(std::string_view name, std::string_view letters, unsigned bits, unsigned group)
      : name_(name), letters_(letters), bits_(bits), group_(group) {}

  std::string_view name_;
  std::string_view letters_;
  unsigned bits_;   ///< a letter stands for
  unsigned group_;  ///< letters that padding fills up to
};

}  // namespace penstock::jq
