#include "gateway/app/json_slices.h"

#include <nlohmann/json.hpp>

namespace penstock::gateway {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t skip_space(std::string_view text, size_t at) {
  while (at < text.size() && is_space(text[at])) at++;
  return at;
}

/// Behind the string that starts at `at`.
size_t skip_string(std::string_view text, size_t at) {
  for (at++; at < text.size() && text[at] != '"'; at++)
    if (text[at] == '\\') at++;
  return std::min(at + 1, text.size());
}

/// Behind the value that starts at `at`.
size_t skip_value(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[')
      depth++;
    else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && (c == ',' || is_space(c))) {
      return at;
    }
    at++;
  }
  return at;
}

/// Behind the comma that follows, or at the end of what encloses.
size_t skip_comma(std::string_view text, size_t at) {
  at = skip_space(text, at);
  return at < text.size() && text[at] == ',' ? skip_space(text, at + 1) : at;
}

bool at_end(std::string_view text, size_t at, char close) {
  return at >= text.size() || text[at] == close;
}

}  // namespace

char json_first(std::string_view text) {
  const size_t at = skip_space(text, 0);
  return at < text.size() ? text[at] : '\0';
}

std::vector<std::string_view> json_items(std::string_view array, size_t max) {
  std::vector<std::string_view> items;
  size_t at = skip_space(array, 0);
  if (at >= array.size() || array[at] != '[') return items;
  at = skip_space(array, at + 1);
  while (!at_end(array, at, ']') && items.size() <= max) {
    const size_t end = skip_value(array, at);
    if (end == at) break;
    items.push_back(array.substr(at, end - at));
    at = skip_comma(array, end);
  }
  return items;
}

std::vector<JsonMember> json_members(std::string_view object) {
  std::vector<JsonMember> members;
  size_t at = skip_space(object, 0);
  if (at >= object.size() || object[at] != '{') return members;
  at = skip_space(object, at + 1);
  while (!at_end(object, at, '}') && object[at] == '"') {
    const size_t name_end = skip_string(object, at);
    const std::string_view name = object.substr(at + 1, name_end - at - 2);
    at = skip_space(object, name_end);
    if (at_end(object, at, '}')) break;
    at = skip_space(object, at + 1);  // the colon
    const size_t end = skip_value(object, at);
    members.emplace_back(name, object.substr(at, end - at));
    at = skip_comma(object, end);
  }
  return members;
}

std::string json_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return "";
  if (value.find('\\') == std::string_view::npos)
    return std::string(value.substr(1, value.size() - 2));
  const auto decoded = nlohmann::json::parse(value, nullptr, false);
  return decoded.is_string() ? decoded.get<std::string>() : "";
}

}  // namespace penstock::gateway
