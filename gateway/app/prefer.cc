#include "gateway/app/prefer.h"

#include <algorithm>
#include <charconv>

#include <strings.h>

namespace penstock::gateway {

static std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

static bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Cuts the part before `mark` off the front of `rest`.
static std::string_view cut(std::string_view& rest, char mark) {
  const size_t at = rest.find(mark);
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

static std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

Preference parse_prefer(std::string_view header) {
  Preference wanted;
  while (!header.empty()) {
    std::string_view preference = cut(header, ',');
    std::string_view pair = cut(preference, ';');
    const std::string_view name = trim(cut(pair, '='));
    std::string_view value = trim(pair);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    if (same_word(name, "respond-async")) wanted.respond_async = true;
    const auto seconds = whole_number(value);
    if (same_word(name, "wait") && seconds && !wanted.wait_s)  // the first one counts
      wanted.wait_s = static_cast<uint32_t>(std::min<uint64_t>(*seconds, 86'400));
  }
  return wanted;
}

bool wants_events(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view range = cut(accept, ',');
    if (same_word(trim(cut(range, ';')), "text/event-stream")) return true;
  }
  return false;
}

std::optional<uint64_t> parse_wait_ms(std::string_view text) {
  uint64_t unit_ms = 1000;
  if (text.ends_with("ms")) {
    unit_ms = 1;
    text.remove_suffix(2);
  } else if (text.ends_with("s")) {
    text.remove_suffix(1);
  } else if (text.ends_with("m")) {
    unit_ms = 60'000;
    text.remove_suffix(1);
  }
  const auto count = whole_number(text);
  if (!count || *count > 86'400'000) return std::nullopt;
  return *count * unit_ms;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view pair = cut(query, '&');
    if (cut(pair, '=') == name) return percent_decoded(pair);
  }
  return std::nullopt;
}

}  // namespace penstock::gateway
