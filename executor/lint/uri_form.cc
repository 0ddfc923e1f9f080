// URIs and URI templates, as forms.h promises them.
#include <algorithm>

#include "executor/lint/forms.h"
#include "executor/lint/whitespace.h"

namespace penstock::lint {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool contains(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && is_hex(text[1]) && is_hex(text[2]);
}

bool is_template_literal(char c) {
  return static_cast<unsigned char>(c) > 0x20 && !contains("\"'<>%\\^`{|}", c);
}

// The length of `name`, `name:3` or `name*` at the front of `text`; 0 where there is none.
size_t variable_at(std::string_view text) {
  size_t at = 0;
  while (at < text.size() && (is_word(text[at]) || is_escape(text.substr(at)))) {
    at += text[at] == '%' ? 3 : 1;
  }
  if (at == 0 || at == text.size()) return at;
  if (text[at] == '*') return at + 1;
  if (text[at] != ':') return at;
  size_t digits = 0;
  while (at + 1 + digits < text.size() && text[at + 1 + digits] >= '0' &&
         text[at + 1 + digits] <= '9') {
    digits++;
  }
  const bool fits = digits >= 1 && digits <= 4 && text[at + 1] != '0';
  return fits ? at + 1 + digits : 0;
}

// The length of `{+var,other*}` at the front of `text`; 0 where it is broken.
size_t placeholder_at(std::string_view text) {
  size_t at = 1;
  if (at < text.size() && contains("+#./;?&=,!@|", text[at])) at++;
  while (at < text.size()) {
    const size_t length = variable_at(text.substr(at));
    if (length == 0 || at + length >= text.size()) return 0;
    at += length + 1;
    if (text[at - 1] == '}') return at;
    if (text[at - 1] != ',') return 0;
  }
  return 0;
}

// Every character one of `allowed`, a word character or an escape.
bool consists_of(std::string_view text, std::string_view allowed) {
  while (!text.empty()) {
    const bool escape = is_escape(text);
    if (!escape && !is_word(text[0]) && !contains(allowed, text[0])) return false;
    text.remove_prefix(escape ? 3 : 1);
  }
  return true;
}

// `[::1]:80` or `user@[::1]`: a host whose brackets no path could have.
bool is_bracketed_authority(std::string_view text) {
  const size_t open = text.find('['), close = text.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return false;
  }
  const std::string_view user = text.substr(0, open), port = text.substr(close + 1);
  const bool user_fits = user.empty() || (user.back() == '@' && user.find('@') + 1 == user.size());
  const bool port_fits =
      port.empty() || (port[0] == ':' && port.find_first_not_of("0123456789", 1) == port.npos);
  return user_fits && port_fits && consists_of(user, "-.~!$&'()*+,;=:@") &&
         consists_of(text.substr(open + 1, close - open - 1), "-.~!$&'()*+,;=:");
}

// Takes `scheme:` off the front where there is one.
std::string_view without_scheme(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return text;
  const std::string_view scheme = text.substr(0, colon);
  const bool letter =
      is_word(scheme[0]) && scheme[0] != '_' && (scheme[0] < '0' || scheme[0] > '9');
  const bool fits = letter && std::all_of(scheme.begin(), scheme.end(), [](char c) {
                      return (is_word(c) && c != '_') || contains("+-.", c);
                    });
  return fits ? text.substr(colon + 1) : text;
}

bool is_reference(std::string_view text) {
  constexpr std::string_view kPath = "-.~!$&'\"()*+,;=:@/", kQuery = "-.~!$&'\"()*+,;=:@/?";
  const size_t hash = text.find('#');
  if (hash != std::string_view::npos && !consists_of(text.substr(hash + 1), kQuery)) return false;
  text = text.substr(0, hash);
  const size_t mark = text.find('?');
  if (mark != std::string_view::npos && !consists_of(text.substr(mark + 1), kQuery)) return false;
  text = without_scheme(text.substr(0, mark));
  if (consists_of(text, kPath)) return true;
  if (!text.starts_with("//")) return false;
  text.remove_prefix(2);
  const size_t slash = std::min(text.find('/'), text.size());
  return is_bracketed_authority(text.substr(0, slash)) && consists_of(text.substr(slash), kPath);
}

bool has_whitespace(std::string_view text) {
  for (size_t at = 0; at < text.size(); at++) {
    if (whitespace_at(text, at) > 0) return true;
  }
  return false;
}

// The schema's own pattern: no expression, not empty, white space at most before a first colon.
bool has_uri_outline(std::string_view text) {
  if (text.empty() || whitespace_at(text, 0) > 0 || text.starts_with("${")) return false;
  const size_t colon = text.find_first_of(":/?#");
  const bool scheme = colon != std::string_view::npos && colon > 0 && text[colon] == ':';
  return !has_whitespace(scheme ? text.substr(colon + 1) : text);
}

}  // namespace

bool is_bare_template(std::string_view text) {
  while (!text.empty()) {
    size_t length = is_template_literal(text[0]) ? 1 : is_escape(text) ? 3 : 0;
    if (text[0] == '{') length = placeholder_at(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_uri_template(std::string_view text) {
  return has_uri_outline(text) && (is_bare_template(text) || is_reference(text));
}

}  // namespace penstock::lint
