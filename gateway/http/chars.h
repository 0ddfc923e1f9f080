// The byte classes of RFC 9110 and 3986, as tables. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace penstock::gateway::chars {

enum Class : uint8_t {
  kToken = 1,  ///< tchar: header names, methods
  kField = 2,  ///< may stand in a field value: HTAB, SP, VCHAR, obs-text
  kPath = 4,   ///< may stand in a path; '%' is checked apart
  kQuery = 8,  ///< may stand in a query
  kHex = 16,
  kDigit = 32,
  kHost = 64,       ///< reg-name and IPv4, without sub-delims and percent
  kBracketed = 128  ///< inside an IPv6 literal
};

constexpr bool among(char c, std::string_view set) {
  return set.find(c) != set.npos;
}

constexpr uint8_t classify(unsigned char byte) {
  const char c = static_cast<char>(byte);
  const bool digit = c >= '0' && c <= '9';
  const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  // Browsers and URL libraries send these unescaped (WHATWG URL), so real senders do too.
  const bool path = alpha || digit || among(c, "-._~!$&'()*+,;=:@/%[]|");
  uint8_t bits = 0;
  if (alpha || digit || among(c, "!#$%&'*+-.^_`|~")) bits |= kToken;
  if (byte == '\t' || (byte >= 0x20 && byte != 0x7f)) bits |= kField;
  if (path) bits |= kPath;
  if (path || among(c, "?{}\\^`")) bits |= kQuery;
  if (hex) bits |= kHex | kBracketed;
  if (digit) bits |= kDigit;
  if (alpha || digit || among(c, "-._~")) bits |= kHost;
  if (among(c, ":.")) bits |= kBracketed;
  return bits;
}

constexpr std::array<uint8_t, 256> make_table() {
  std::array<uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; i++) table[i] = classify(static_cast<unsigned char>(i));
  return table;
}

inline constexpr std::array<uint8_t, 256> kTable = make_table();

inline bool is(char c, Class wanted) {
  return kTable[static_cast<unsigned char>(c)] & wanted;
}

/// Whether every byte is of that class; true for "".
inline bool all(std::string_view text, Class wanted) {
  for (const char c : text) {
    if (!is(c, wanted)) return false;
  }
  return true;
}

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Equal but for ASCII case; `expected` is in lower case.
inline bool same(std::string_view text, std::string_view expected) {
  if (text.size() != expected.size()) return false;
  for (size_t i = 0; i < text.size(); i++) {
    if (lower(text[i]) != expected[i]) return false;
  }
  return true;
}

/// Without spaces and tabs at both ends.
inline std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace penstock::gateway::chars
