#include "gateway/verify/encoding.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace penstock::verify {

namespace {

constexpr std::string_view kPlainAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string to_base64(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t taken = std::min<size_t>(3, bytes.size() - i);
    uint32_t word = 0;
    for (size_t j = 0; j < 3; ++j)
      word = word << 8 | (j < taken ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j <= taken; ++j) out += alphabet[word >> (18 - 6 * j) & 63];
    if (padded) out.append(3 - taken, '=');
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text, std::string_view alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  uint32_t word = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    word = word << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) out += static_cast<char>(word >> (bits -= 8) & 255);
  }
  if (word & ((1u << bits) - 1)) return std::nullopt;  // a second spelling of the same bytes
  return out;
}

/// The text without its padding; nullopt when the padding is not what the length asks for.
std::optional<std::string_view> unpadded(std::string_view text, bool may_be_missing) {
  const size_t end = text.find('=');
  if (end == std::string_view::npos)
    return text.size() % 4 == 0 || may_be_missing ? std::optional(text) : std::nullopt;
  const std::string_view padding = text.substr(end);
  if (text.size() % 4 != 0 || (padding != "=" && padding != "==")) return std::nullopt;
  return text.substr(0, end);
}

std::optional<std::string> decode_base64(std::string_view text, std::string_view alphabet,
                                         bool padding_may_be_missing) {
  const auto core = unpadded(text, padding_may_be_missing);
  return core ? from_base64(*core, alphabet) : std::nullopt;
}

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kHex:
      return "hex";
    case Encoding::kBase64:
      return "base64";
    case Encoding::kBase64Url:
      return "base64url";
    case Encoding::kAny:
      break;
  }
  return "any";
}

std::string encode(Encoding encoding, std::string_view bytes) {
  if (encoding == Encoding::kBase64) return to_base64(bytes, kPlainAlphabet, true);
  if (encoding == Encoding::kBase64Url) return to_base64(bytes, kUrlAlphabet, false);
  return to_hex(bytes);
}

std::optional<std::string> decode(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::kHex:
      return from_hex(text);
    case Encoding::kBase64:
      return decode_base64(text, kPlainAlphabet, false);
    case Encoding::kBase64Url:
      return decode_base64(text, kUrlAlphabet, true);
    case Encoding::kAny:
      break;
  }
  if (auto hex = from_hex(text)) return hex;
  return decode_base64_loosely(text);
}

std::optional<std::string> decode_base64_loosely(std::string_view text) {
  if (auto plain = decode_base64(text, kPlainAlphabet, true)) return plain;
  return decode_base64(text, kUrlAlphabet, true);
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace penstock::verify
