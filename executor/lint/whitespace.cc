#include "executor/lint/whitespace.h"

#include <algorithm>
#include <array>

namespace penstock::lint {
namespace {

constexpr std::array<std::string_view, 18> kWide{
    "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
constexpr std::string_view kByteOrderMark = "\ufeff";

// The length of the white space character that `text` ends with.
size_t whitespace_before_end(std::string_view text) {
  for (size_t width = 1; width <= 3 && width <= text.size(); width++) {
    if (whitespace_at(text, text.size() - width) == width) return width;
  }
  return 0;
}

}  // namespace

size_t whitespace_at(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  const std::string_view rest = text.substr(at);
  if (rest.starts_with(kByteOrderMark)) return kByteOrderMark.size();
  const auto found = std::find_if(kWide.begin(), kWide.end(),
                                  [&](std::string_view wide) { return rest.starts_with(wide); });
  return found == kWide.end() ? 0 : found->size();
}

std::string_view trim_whitespace(std::string_view text) {
  while (!text.empty()) {
    const size_t width = whitespace_at(text, 0);
    if (width == 0) break;
    text.remove_prefix(width);
  }
  while (const size_t width = whitespace_before_end(text)) text.remove_suffix(width);
  return text;
}

bool has_line_end(std::string_view text) {
  return text.find_first_of("\n\r") != std::string_view::npos ||
         text.find("\u2028") != std::string_view::npos ||
         text.find("\u2029") != std::string_view::npos;
}

}  // namespace penstock::lint
