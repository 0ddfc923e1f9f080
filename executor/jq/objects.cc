// The parser's braces: object constructors, and the patterns behind `as`.
#include <utility>

#include "executor/jq/parser.h"
#include "proto/limits.h"

namespace penstock::jq {

Parser::Parsed Parser::object() {
  NodePtr node = make(NodeKind::kObject);
  at_++;
  if (accept("}")) return finish(std::move(node));
  do {
    if (const Status status = object_entry(*node); !status) return status;
  } while (accept(","));
  if (const Status status = expect("}"); !status) return status;
  return finish(std::move(node));
}

Status Parser::object_entry(Node& entries) {
  const size_t offset = token().offset;
  if (token().kind == TokenKind::kVariable || token().is("$")) {
    auto value = variable();
    if (!value) return value.status();
    const std::string name = (*value)->kind == NodeKind::kLiteral ? "__loc__" : (*value)->text;
    add(entries, literal(json::Value::string(name), offset));
    add(entries, std::move(*value));
    return {};
  }
  if (token().kind == TokenKind::kName) {
    NodePtr key = literal(json::Value::string(token().text), offset);
    at_++;
    return object_value(entries, std::move(key));
  }
  if (token().kind == TokenKind::kString || token().kind == TokenKind::kFormat) {
    auto key = token().kind == TokenKind::kString ? string("text") : format();
    if (!key) return key.status();
    return object_value(entries, std::move(*key));
  }
  if (!token().is("(")) return unexpected("a key");
  auto key = parenthesis();
  if (!key) return key.status();
  if (!token().is(":")) return unexpected("':'");
  return object_value(entries, std::move(*key));
}

// Without a value the key stands for itself: `{a}` is `{a: .a}`.
Status Parser::object_value(Node& entries, NodePtr key) {
  add(entries, std::move(key));
  if (!accept(":")) {
    add(entries, nullptr);
    return {};
  }
  const bool outer = std::exchange(no_comma_, true);
  auto value = pipe();
  no_comma_ = outer;
  if (!value) return value.status();
  add(entries, std::move(*value));
  return {};
}

Result<std::vector<Pattern>> Parser::patterns() {
  std::vector<Pattern> all;
  do {
    auto one = pattern();
    if (!one) return one.status();
    all.push_back(std::move(*one));
  } while (accept("?//"));
  return all;
}

Result<Pattern> Parser::pattern() {
  Pattern made;
  if (depth_ + 1 > limits::jq_program_depth_max)
    return Status::full("a pattern is nested too deep");
  depth_++;
  Status status;
  if (accept("[")) {
    status = array_parts(made);
  } else if (accept("{")) {
    status = object_parts(made);
  } else {
    auto name = variable_name();
    if (!name) return name.status();
    made.variable = *name;
  }
  depth_--;
  if (!status) return status;
  return made;
}

Status Parser::array_parts(Pattern& made) {
  do {
    auto inner = pattern();
    if (!inner) return inner.status();
    made.parts.emplace_back().inner = std::make_unique<Pattern>(std::move(*inner));
  } while (accept(","));
  return expect("]");
}

Status Parser::object_parts(Pattern& made) {
  do {
    auto part = object_part();
    if (!part) return part.status();
    made.parts.push_back(std::move(*part));
  } while (accept(","));
  return expect("}");
}

Result<Pattern::Part> Parser::object_part() {
  Pattern::Part part;
  const size_t offset = token().offset;
  if (token().kind == TokenKind::kVariable || token().is("$")) {
    auto name = variable_name();
    if (!name) return name.status();
    part.variable = *name;
    part.key = literal(json::Value::string(*name), offset);
    if (!token().is(":")) return part;
  } else if (token().kind == TokenKind::kName) {
    part.key = literal(json::Value::string(token().text), offset);
    at_++;
  } else if (token().kind == TokenKind::kString || token().is("(")) {
    auto key = token().is("(") ? parenthesis() : string("text");
    if (!key) return key.status();
    part.key = std::move(*key);
  } else {
    return unexpected("a key of the pattern");
  }
  if (const Status status = expect(":"); !status) return status;
  auto inner = pattern();
  if (!inner) return inner.status();
  part.inner = std::make_unique<Pattern>(std::move(*inner));
  return part;
}

}  // namespace penstock::jq
