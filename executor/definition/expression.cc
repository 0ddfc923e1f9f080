#include "executor/definition/expression.h"

#include <vector>

namespace penstock::definition {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Steps through jq keeping count of what is open: '{' braces, '"' strings, '(' the parentheses of
// a string's `\( … )` and plain ones. Only as much of jq's grammar as finding the end needs.
class Nesting {
 public:
  Nesting() : open_(1, '{') {}

  /// Takes the character at `at`; returns how many characters it took.
  size_t step(std::string_view text, size_t at) {
    if (open_.back() == '"') return in_string(text, at);
    in_code(text[at]);
    if (text[at] == '#') return comment(text, at);
    return 1;
  }
  bool closed() const { return open_.empty(); }

 private:
  size_t in_string(std::string_view text, size_t at) {
    if (text[at] == '"') open_.pop_back();
    if (text[at] != '\\') return 1;
    if (at + 1 < text.size() && text[at + 1] == '(') open_.push_back('(');
    return 2;
  }
  void in_code(char c) {
    if (c == '"' || c == '{' || c == '(') open_.push_back(c);
    if ((c == '}' && open_.back() == '{') || (c == ')' && open_.back() == '(')) open_.pop_back();
  }
  static size_t comment(std::string_view text, size_t at) {
    const size_t end = text.find('\n', at);
    return end == std::string_view::npos ? 1 : end - at;
  }

  std::vector<char> open_;
};

Placeholder placeholder_at(std::string_view text, size_t begin) {
  Nesting nesting;
  size_t at = begin + 2;
  while (at < text.size() && !nesting.closed()) at += nesting.step(text, at);
  const bool closed = nesting.closed();
  if (at > text.size()) at = text.size();
  const size_t inner = at - begin - 2 - (closed ? 1 : 0);
  return {begin, at, trim(text.substr(begin + 2, inner)), closed};
}

void append_literal(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
}

}  // namespace

std::optional<Placeholder> find_placeholder(std::string_view text, size_t from) {
  const size_t begin = text.find("${", from);
  if (begin == std::string_view::npos) return std::nullopt;
  return placeholder_at(text, begin);
}

std::optional<std::string_view> expression_of(std::string_view text) {
  text = trim(text);
  if (text.size() < 3 || text.substr(0, 2) != "${" || text.back() != '}') return std::nullopt;
  // Text such as `${ .a }-${ .b }` begins and ends like one expression but is two.
  const Placeholder first = placeholder_at(text, 0);
  if (first.closed && first.end != text.size()) return std::nullopt;
  return trim(text.substr(2, text.size() - 3));
}

bool is_expression(std::string_view text) {
  return expression_of(text).has_value();
}

std::string_view expression_field(std::string_view text) {
  return expression_of(text).value_or(trim(text));
}

std::string as_interpolation(std::string_view text) {
  std::string out = "${ \"";
  size_t at = 0;
  for (auto next = find_placeholder(text); next; next = find_placeholder(text, at)) {
    append_literal(text.substr(at, next->begin - at), out);
    out.append("\\(").append(next->program).append(")");
    at = next->end;
  }
  append_literal(text.substr(at), out);
  return out + "\" }";
}

}  // namespace penstock::definition
