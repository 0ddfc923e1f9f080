// The parser's statements: what starts with a word of its own.
#include <utility>

#include "executor/jq/parser.h"

namespace penstock::jq {

Result<Function> Parser::function() {
  Function made;
  if (token().kind != TokenKind::kName || is_keyword(token().text)) {
    return unexpected("a function's name");
  }
  made.name = tokens_[at_++].text;
  if (accept("(")) {
    do {
      const bool variable = token().kind == TokenKind::kVariable;
      if (!variable && token().kind != TokenKind::kName) return unexpected("a parameter's name");
      made.parameters.push_back((variable ? "$" : "") + tokens_[at_++].text);
    } while (accept(";"));
    if (const Status status = expect(")"); !status) return status;
  }
  if (const Status status = expect(":"); !status) return status;
  const bool outer = std::exchange(no_comma_, false);
  auto body = pipe();
  no_comma_ = outer;
  if (!body) return body.status();
  made.body = std::move(*body);
  if (const Status status = expect(";"); !status) return status;
  return made;
}

Parser::Parsed Parser::define() {
  NodePtr node = make(NodeKind::kDefine);
  auto one = function();
  if (!one) return one.status();
  node->function = std::make_unique<Function>(std::move(*one));
  node->depth = node->function->body->depth + 1;
  // What follows may be nothing in a file of definitions, never in an expression.
  auto rest = pipe();
  if (!rest) return rest;
  add(*node, std::move(*rest));
  return finish(std::move(node));
}

Parser::Parsed Parser::label() {
  NodePtr node = make(NodeKind::kLabel);
  auto name = variable_name();
  if (!name) return name.status();
  node->text = *name;
  if (const Status status = expect("|"); !status) return status;
  auto body = pipe();
  if (!body) return body;
  add(*node, std::move(*body));
  return finish(std::move(node));
}

Parser::Parsed Parser::attempt() {
  NodePtr node = make(NodeKind::kTry);
  auto body = operand();
  if (!body) return body;
  add(*node, std::move(*body));
  if (!accept_word("catch")) {
    add(*node, nullptr);
    return finish(std::move(node));
  }
  auto handler = operand();
  if (!handler) return handler;
  add(*node, std::move(*handler));
  return finish(std::move(node));
}

Parser::Parsed Parser::bind(NodePtr source) {
  NodePtr node = make(NodeKind::kBind);
  auto taken = patterns();
  if (!taken) return taken.status();
  node->patterns = std::move(*taken);
  if (const Status status = expect("|"); !status) return status;
  auto body = pipe();
  if (!body) return body;
  add(*node, std::move(source));
  add(*node, std::move(*body));
  return finish(std::move(node));
}

Parser::Parsed Parser::conditional() {
  NodePtr node = make(NodeKind::kIf);
  const bool outer = std::exchange(no_comma_, false);
  auto condition = pipe();
  if (!condition) return condition;
  if (const Status status = expect_word("then"); !status) return status;
  auto then = pipe();
  if (!then) return then;
  add(*node, std::move(*condition));
  add(*node, std::move(*then));
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return too_deep();
  NodePtr otherwise;
  const bool chained = accept_word("elif");
  if (chained || accept_word("else")) {
    auto rest = chained ? conditional() : pipe();
    if (!rest) return rest;
    otherwise = std::move(*rest);
  }
  add(*node, std::move(otherwise));
  no_comma_ = outer;
  if (!chained)
    if (const Status status = expect_word("end"); !status) return status;
  return finish(std::move(node));
}

Parser::Parsed Parser::reduce() {
  NodePtr node = make(NodeKind::kReduce);
  auto source = postfix();
  if (!source) return source;
  if (const Status status = expect_word("as"); !status) return status;
  auto taken = patterns();
  if (!taken) return taken.status();
  node->patterns = std::move(*taken);
  add(*node, std::move(*source));
  if (const Status status = expect("("); !status) return status;
  const bool outer = std::exchange(no_comma_, false);
  for (const std::string_view end : {";", ")"}) {
    auto part = pipe();
    if (!part) return part;
    add(*node, std::move(*part));
    if (const Status status = expect(end); !status) return status;
  }
  no_comma_ = outer;
  return finish(std::move(node));
}

Parser::Parsed Parser::foreach () {
  NodePtr node = make(NodeKind::kForeach);
  auto source = postfix();
  if (!source) return source;
  if (const Status status = expect_word("as"); !status) return status;
  auto taken = patterns();
  if (!taken) return taken.status();
  node->patterns = std::move(*taken);
  add(*node, std::move(*source));
  if (const Status status = expect("("); !status) return status;
  const bool outer = std::exchange(no_comma_, false);
  do {
    auto part = pipe();
    if (!part) return part;
    add(*node, std::move(*part));
  } while (node->children.size() < 4 && accept(";"));
  no_comma_ = outer;
  if (node->children.size() < 3) return unexpected("';' and the update");
  if (node->children.size() == 3) add(*node, nullptr);
  if (const Status status = expect(")"); !status) return status;
  return finish(std::move(node));
}

}  // namespace penstock::jq
