#include "executor/json/unescape.h"

#include <charconv>

#include "executor/json/utf8.h"

namespace penstock::json {
namespace {

bool is_high(uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// `rest` starts behind "\u"; takes one code point off it, both halves of a pair.
bool unescape_unicode(std::string_view& rest, std::string& out) {
  const auto unit = hex4(rest);
  if (!unit) return false;
  rest.remove_prefix(4);
  if (is_high(*unit) && rest.starts_with("\\u")) {
    const auto low = hex4(rest.substr(2));
    if (low && is_low(*low)) {
      append_code_point(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
      rest.remove_prefix(6);
      return true;
    }
  }
  append_code_point(*unit, out);
  return true;
}

char plain_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

std::optional<uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  uint32_t unit = 0;
  const auto end = std::from_chars(text.data(), text.data() + 4, unit, 16);
  if (end.ec != std::errc() || end.ptr != text.data() + 4) return std::nullopt;
  return unit;
}

bool unescape(std::string_view rest, std::string& out) {
  for (;;) {
    const size_t slash = rest.find('\\');
    out.append(rest.substr(0, slash));
    if (slash == rest.npos) return true;
    if (slash + 1 == rest.size()) return false;
    const char letter = rest[slash + 1];
    rest.remove_prefix(slash + 2);
    if (letter == 'u') {
      if (!unescape_unicode(rest, out)) return false;
      continue;
    }
    const char plain = plain_escape(letter);
    if (plain == 0) return false;
    out.push_back(plain);
  }
}

}  // namespace penstock::json
