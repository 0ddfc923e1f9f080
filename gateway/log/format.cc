#include "gateway/log/format.h"

#include <fmt/format.h>

#include <cmath>

namespace penstock::gateway {

/// Length of the well-formed UTF-8 sequence that starts at `at`, 0 when there is none.
static size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(at + 1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && byte(at + 1) > 0x9F) return 0;  // surrogate
  if (lead == 0xF0 && byte(at + 1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && byte(at + 1) > 0x8F) return 0;  // past U+10FFFF
  return length;
}

static void append_escaped_byte(unsigned char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (c < 0x20 || c == 0x7F) {
    out += fmt::format("\\u{:04x}", c);
  } else {
    out += static_cast<char>(c);
  }
}

void append_json_escaped(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text, i);
    if (length == 1) append_escaped_byte(static_cast<unsigned char>(text[i]), out);
    if (length > 1) out += text.substr(i, length);
    if (length == 0) out += "\xEF\xBF\xBD";
    i += length == 0 ? 1 : length;
  }
}

static std::string scalar(const LogField::Value& value) {
  if (const auto* v = std::get_if<int64_t>(&value)) return std::to_string(*v);
  if (const auto* v = std::get_if<uint64_t>(&value)) return std::to_string(*v);
  if (const auto* v = std::get_if<bool>(&value)) return *v ? "true" : "false";
  const double number = std::get<double>(value);
  return std::isfinite(number) ? fmt::format("{}", number) : "null";
}

static std::string quoted(std::string_view text) {
  std::string out = "\"";
  append_json_escaped(text, out);
  return out + '"';
}

/// A value people can read without quotes.
static bool plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7F) return false;
  }
  return true;
}

std::string text_line(std::string_view message, Logger::Fields fields) {
  std::string line;
  append_json_escaped(message, line);
  for (const LogField& field : fields) {
    line.append(" ").append(field.key).append("=");
    const auto* text = std::get_if<std::string_view>(&field.value);
    line += !text ? scalar(field.value) : plain(*text) ? std::string(*text) : quoted(*text);
  }
  return line;
}

std::string json_members(std::string_view message, Logger::Fields fields) {
  std::string members = "\"message\":" + quoted(message);
  for (const LogField& field : fields) {
    members.append(",").append(quoted(field.key)).append(":");
    const auto* text = std::get_if<std::string_view>(&field.value);
    members += text ? quoted(*text) : scalar(field.value);
  }
  return members;
}

}  // namespace penstock::gateway
