#include "executor/lint/expression_check.h"

#include <algorithm>
#include <charconv>

#include "executor/definition/expression.h"
#include "executor/jq/jq.h"
#include "executor/lint/declared.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

constexpr std::string_view kFirstLine = "line 1, column ";  // as jq's complaints begin

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t word_bytes(std::string_view text) {
  size_t bytes = 0;
  while (bytes < text.size() && is_word(text[bytes])) bytes++;
  return bytes;
}

// The length of `.name`, `[0]` or `[]` at the front; 0 where there is none.
size_t step_bytes(std::string_view text) {
  if (text.size() > 1 && text[0] == '.' && (text[1] < '0' || text[1] > '9')) {
    const size_t name = word_bytes(text.substr(1));
    return name == 0 ? 0 : name + 1;
  }
  if (text.empty() || text[0] != '[') return 0;
  const size_t close = text.find_first_not_of("0123456789", 1);
  return close != std::string_view::npos && text[close] == ']' ? close + 1 : 0;
}

// Whether the text is nothing but steps of a path.
bool is_path(std::string_view text) {
  while (!text.empty()) {
    const size_t step = step_bytes(text);
    if (step == 0) return false;
    text.remove_prefix(step);
  }
  return true;
}

bool looks_like_path(std::string_view text) {
  return text.size() > 1 && text[0] == '.' && is_path(text);
}

bool looks_like_variable(std::string_view text, const Scope* scope) {
  if (text.size() < 2 || text[0] != '$') return false;
  const std::string_view name = text.substr(1, word_bytes(text.substr(1)));
  const std::vector<std::string> names = variables_of(scope);
  return std::find(names.begin(), names.end(), name) != names.end() &&
         is_path(text.substr(1 + name.size()));
}

// The name behind `$secrets` at the front of `text`: `.name` or `["name"]`; "" where it is
// computed.
std::string_view secret_name(std::string_view text) {
  if (text.starts_with(".\"") || text.starts_with("[\"")) {
    const size_t end = text.find('"', 2);
    return end == std::string_view::npos ? std::string_view() : text.substr(2, end - 2);
  }
  return text.starts_with('.') ? text.substr(1, word_bytes(text.substr(1))) : std::string_view();
}

}  // namespace

void ExpressionCheck::field(const Node& node, const Scope* scope) {
  if (!node.value().is_string()) return;
  const std::string_view text = node.value().as_string();
  const auto placeholder = definition::find_placeholder(text);
  const bool partial = placeholder && placeholder->closed && !definition::is_expression(text);
  if (has_double_braces(text) || partial) {
    return findings_.error(code::kExpression, node, At::kValue,
                           quoted(text) + " is not one expression", expression_hint(text));
  }
  compile(node, definition::expression_field(text), scope);
}

void ExpressionCheck::data(const Node& node, const Scope* scope) {
  if (node.value().is_string()) return text(node, scope);
  for (const Node& member : children(node)) data(member, scope);
}

void ExpressionCheck::foreign_text(const Node& node, const Scope* scope) {
  if (!node.value().is_string()) return;
  const auto program = definition::expression_of(node.value().as_string());
  if (program) compile(node, *program, scope);
}

void ExpressionCheck::text(const Node& node, const Scope* scope) {
  const std::string_view text = node.value().as_string();
  if (const auto program = definition::expression_of(text)) return compile(node, *program, scope);
  if (const auto placeholder = definition::find_placeholder(text)) {
    if (placeholder->closed) {
      return findings_.error(code::kExpression, node, At::kValue,
                             "an expression must be the whole text, not a part of it",
                             expression_hint(text));
    }
    if (placeholder->begin == 0) {
      return findings_.error(
          code::kExpression, node, At::kValue, "the expression is not closed",
          "end it with }; if it has \" #\" in it, quote it: YAML begins a comment there");
    }
  }
  warn_of_lookalike(node, text, scope);
}

void ExpressionCheck::warn_of_lookalike(const Node& node, std::string_view text,
                                        const Scope* scope) {
  if (has_double_braces(text)) {
    return findings_.warning(code::kExpression, node, At::kValue,
                             "{{ }} means nothing here: the text stays as it is",
                             expression_hint(text));
  }
  if (!looks_like_path(text) && !looks_like_variable(text, scope)) return;
  findings_.warning(code::kExpression, node, At::kValue,
                    quoted(text) + " is text here, not an expression",
                    "if it is meant to be one, write ${ " + std::string(text) + " }");
}

void ExpressionCheck::compile(const Node& node, std::string_view program, const Scope* scope) {
  const auto compiled = jq::compile(program, variables_of(scope));
  if (!compiled) return report(node, program, compiled.status().message());
  secrets_in(node, program);
  if (jq::tier(**compiled) == 1) return;
  findings_.warning(code::kAdvice, node, At::kValue,
                    "this is a slow expression: only libjq knows its regular expression, and takes "
                    "milliseconds",
                    "write it without look-around and back-references");
}

// jq says where in the program; where the program stands in the text as it is, say where there.
void ExpressionCheck::report(const Node& node, std::string_view program,
                             const std::string& complaint) {
  definition::Position at = findings_.locate(node, program);
  const size_t prefix = kFirstLine.size();
  const size_t colon = complaint.find(": ");
  uint32_t column = 0;
  if (at.line > 0 && complaint.starts_with(kFirstLine) && colon != std::string::npos) {
    std::from_chars(complaint.data() + prefix, complaint.data() + colon, column);
  }
  if (column == 0) {
    return findings_.error(code::kExpression, node, At::kValue, "jq: " + complaint);
  }
  at.column += column - 1;
  findings_.error_within(code::kExpression, node, at, "jq: " + complaint.substr(colon + 2));
}

void ExpressionCheck::secrets_in(const Node& node, std::string_view program) {
  constexpr std::string_view kSecrets = "$secrets";
  for (size_t at = program.find(kSecrets); at != std::string_view::npos;
       at = program.find(kSecrets, at + 1)) {
    const std::string_view name = secret_name(program.substr(at + kSecrets.size()));
    if (!name.empty()) expect_declared(findings_, node, name, secrets_, "secrets");
  }
}

}  // namespace penstock::lint
