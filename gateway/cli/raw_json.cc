#include "gateway/cli/raw_json.h"

#include <algorithm>

namespace penstock::gateway {

static bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// The end of the token at `at`: a string, a word or number, or one mark.
static size_t token_end(std::string_view json, size_t at) {
  if (std::string_view("{}[],:").find(json[at]) != std::string_view::npos) return at + 1;
  size_t end = at + 1;
  if (json[at] != '"') {
    while (end < json.size() &&
           std::string_view("{}[],: \n\r\t").find(json[end]) == std::string_view::npos)
      ++end;
    return end;
  }
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return std::min(end + 1, json.size());
}

static size_t skip_blanks(std::string_view json, size_t at) {
  while (at < json.size() && is_blank(json[at])) ++at;
  return at;
}

static int depth_change(char c) {
  return c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
}

/// The end of the whole value at `at`.
static size_t value_end(std::string_view json, size_t at) {
  int depth = 0;
  while (at < json.size()) {
    depth += depth_change(json[at]);
    at = token_end(json, at);
    if (depth <= 0) break;
    at = skip_blanks(json, at);
  }
  return at;
}

std::string_view raw_member(std::string_view object, std::string_view name) {
  size_t at = skip_blanks(object, 0);
  if (at >= object.size() || object[at] != '{') return {};
  at = skip_blanks(object, at + 1);
  while (at < object.size() && object[at] == '"') {
    const size_t end = token_end(object, at);
    const std::string_view key = object.substr(at + 1, end - at - 2);
    const size_t value = skip_blanks(object, skip_blanks(object, end) + 1);
    if (value >= object.size()) return {};
    const size_t after = value_end(object, value);
    if (key == name) return object.substr(value, after - value);
    at = skip_blanks(object, after);
    if (at < object.size() && object[at] == ',') at = skip_blanks(object, at + 1);
  }
  return {};
}

std::string indented(std::string_view json) {
  std::string out;
  size_t depth = 0;
  for (size_t at = skip_blanks(json, 0); at < json.size();) {
    const size_t end = token_end(json, at), next = skip_blanks(json, end);
    const char mark = json[at];
    const bool opens = depth_change(mark) > 0, closes = depth_change(mark) < 0;
    const bool empty = opens && next < json.size() && depth_change(json[next]) < 0;
    if (closes && depth > 0) --depth;
    if (closes && !out.ends_with('{') && !out.ends_with('['))
      out.append(1, '\n').append(depth * 2, ' ');
    out += json.substr(at, end - at);
    if (opens) ++depth;
    if (mark == ':') out += ' ';
    if ((opens && !empty) || mark == ',') out.append(1, '\n').append(depth * 2, ' ');
    at = next;
  }
  return out;
}

}  // namespace penstock::gateway
