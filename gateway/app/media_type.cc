#include "gateway/app/media_type.h"

#include "gateway/http/chars.h"

namespace penstock::gateway {

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

static std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(chars::lower(c));
  return out;
}

/// Takes the next ";"-separated piece off the front; a quoted string may hold a semicolon.
static std::string_view next_piece(std::string_view& rest) {
  bool quoted = false;
  size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); end++) {
    if (quoted && rest[end] == '\\')
      end++;
    else if (rest[end] == '"')
      quoted = !quoted;
  }
  const std::string_view piece = trimmed(rest.substr(0, end));
  rest.remove_prefix(end < rest.size() ? end + 1 : rest.size());
  return piece;
}

static std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (size_t i = 1; i + 1 < value.size(); i++) {
    if (value[i] == '\\' && i + 2 < value.size()) i++;
    out += value[i];
  }
  return out;
}

MediaType MediaType::parse(std::string_view header) {
  MediaType type;
  type.essence = lowered(next_piece(header));
  while (!header.empty()) {
    const std::string_view piece = next_piece(header);
    const size_t at = piece.find('=');
    if (at == std::string_view::npos) continue;
    const std::string name = lowered(trimmed(piece.substr(0, at)));
    const std::string value = unquoted(trimmed(piece.substr(at + 1)));
    if (name == "charset" && type.charset.empty()) type.charset = lowered(value);
    if (name == "boundary" && type.boundary.empty()) type.boundary = value;
  }
  return type;
}

bool MediaType::is_json() const {
  return is("application/json") || is("text/json") ||
         (essence.size() > 5 && essence.ends_with("+json"));
}

bool MediaType::is_text() const {
  return essence.starts_with("text/") || is("application/xml") || essence.ends_with("+xml") ||
         is("application/yaml") || is("application/javascript") || is("application/graphql");
}

bool MediaType::is_utf8() const {
  return charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" ||
         charset == "ascii";
}

bool MediaType::is_latin1() const {
  return charset == "iso-8859-1" || charset == "latin1";
}

}  // namespace penstock::gateway
