#include "executor/tasks/encoding.h"

#include <openssl/evp.h>

#include <cctype>

#include "executor/json/utf8.h"

namespace penstock::executor {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

std::string percent_encoded(std::string_view text, bool reserved) {
  static constexpr std::string_view kUnreserved = "-._~", kReserved = ":/?#[]@!$&'()*+,;=";
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || kUnreserved.find(c) != kUnreserved.npos ||
                       (reserved && kReserved.find(c) != kReserved.npos);
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::string plain_text(const json::Value& value) {
  return value.is_string() ? std::string(value.as_string()) : value.dump();
}

static void append_pair(std::string& out, std::string_view name, const json::Value& value) {
  if (value.is_null()) return;
  if (!out.empty()) out += '&';
  out += percent_encoded(name) + "=" + percent_encoded(plain_text(value));
}

std::string form_encoded(const json::Value& object) {
  std::string out;
  for (size_t i = 0; object.is_object() && i < object.size(); i++) {
    const json::Member member = object.member(i);
    if (!member.value.is_array()) append_pair(out, member.key.as_string(), member.value);
    for (size_t k = 0; member.value.is_array() && k < member.value.size(); k++) {
      append_pair(out, member.key.as_string(), member.value.at(k));
    }
  }
  return out;
}

bool is_utf8(std::string_view text) {
  bool ascii = true;
  for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  return ascii || json::repaired(text) == text;
}

}  // namespace penstock::executor
