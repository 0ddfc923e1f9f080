#include "executor/jq/base_codec.h"

#include <cstdint>

namespace penstock::jq {

BaseCodec BaseCodec::base64() {
  return {"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4};
}

BaseCodec BaseCodec::base32() {
  return {"base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8};
}

std::string BaseCodec::encode(std::string_view bytes) const {
  std::string out;
  uint32_t pool = 0;
  unsigned held = 0;
  const uint32_t mask = (1u << bits_) - 1;
  for (const char c : bytes) {
    pool = pool << 8 | static_cast<unsigned char>(c);
    held += 8;
    while (held >= bits_) {
      held -= bits_;
      out.push_back(letters_[pool >> held & mask]);
    }
  }
  if (held > 0) out.push_back(letters_[pool << (bits_ - held) & mask]);
  while (out.size() % group_ != 0) out.push_back('=');
  return out;
}

BaseCodec::Decoded BaseCodec::decode(std::string_view text, std::string& out) const {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  uint32_t pool = 0;
  unsigned held = 0;
  for (const char c : text) {
    const size_t digit = letters_.find(c);
    if (digit == letters_.npos) return Decoded::kInvalid;
    pool = pool << bits_ | static_cast<uint32_t>(digit);
    held += bits_;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>(pool >> held & 0xFF));
  }
  return held >= bits_ ? Decoded::kTrailing : Decoded::kDone;
}

}  // namespace penstock::jq
