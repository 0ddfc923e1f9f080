// The parser's terms: everything that stands between operators, and what may follow it.
#include <utility>

#include "executor/jq/lexer.h"
#include "executor/jq/parser.h"

namespace penstock::jq {

Parser::Parsed Parser::postfix() {
  auto node = term();
  bool more = true;
  while (node && more) node = suffix(std::move(*node), more);
  return node;
}

Parser::Parsed Parser::suffix(NodePtr term, bool& more) {
  if (token().is("?")) {
    at_++;
    return mark_optional(std::move(term));
  }
  if (token().is("[")) return bracket(std::move(term));
  if (token().kind == TokenKind::kField || token().is(".")) return dot(std::move(term));
  if (token().is("?//")) {
    // Outside a pattern this is '?' and then '//'.
    tokens_[at_].text = "//";
    return mark_optional(std::move(term));
  }
  more = false;
  return term;
}

// `.name`, `."name"` and `.[…]` behind a term.
Parser::Parsed Parser::dot(NodePtr term) {
  NodePtr node = make(NodeKind::kField);
  add(*node, std::move(term));
  if (token().kind == TokenKind::kField) {
    add(*node, literal(json::Value::string(token().text), token().offset));
    at_++;
    return finish(std::move(node));
  }
  at_++;
  if (token().is("[")) return bracket(std::move(node->children[0]));
  if (token().kind == TokenKind::kString) {
    auto key = string("text");
    if (!key) return key;
    add(*node, std::move(*key));
    return finish(std::move(node));
  }
  return unexpected("a field's name");
}

// `?` behind an access swallows that access's error only; behind anything else, all of its errors.
Parser::Parsed Parser::mark_optional(NodePtr term) {
  const bool access = term->kind == NodeKind::kField || term->kind == NodeKind::kSlice ||
                      term->kind == NodeKind::kIterate;
  if (access && !term->optional) {
    term->optional = true;
    return term;
  }
  NodePtr node = make(NodeKind::kTry);
  add(*node, std::move(term));
  add(*node, nullptr);
  return finish(std::move(node));
}

Parser::Parsed Parser::bracket(NodePtr term) {
  NodePtr node = make(NodeKind::kIterate);
  at_++;
  add(*node, std::move(term));
  if (accept("]")) return finish(std::move(node));
  const bool outer = std::exchange(no_comma_, false);
  node->kind = NodeKind::kField;
  NodePtr begin, end;
  if (!token().is(":")) {
    auto index = pipe();
    if (!index) return index;
    begin = std::move(*index);
  }
  if (accept(":")) {
    node->kind = NodeKind::kSlice;
    if (!token().is("]")) {
      auto bound = pipe();
      if (!bound) return bound;
      end = std::move(*bound);
    }
    if (!begin && !end) return unexpected("a bound of the slice");
  }
  no_comma_ = outer;
  add(*node, std::move(begin));
  if (node->kind == NodeKind::kSlice) add(*node, std::move(end));
  if (const Status status = expect("]"); !status) return status;
  return finish(std::move(node));
}

Parser::Parsed Parser::term() {
  const Token& at = token();
  switch (at.kind) {
    case TokenKind::kNumber:
      at_++;
      return literal(json::Value::number_from_text(at.text), at.offset);
    case TokenKind::kString:
      return string("text");
    case TokenKind::kFormat:
      return format();
    case TokenKind::kVariable:
      return variable();
    case TokenKind::kName:
      return word();
    case TokenKind::kField:
      return dot(make(NodeKind::kIdentity));
    case TokenKind::kEnd:
      return unexpected("an expression");
    case TokenKind::kSymbol:
      break;
  }
  if (at.is("..")) {
    NodePtr node = make(NodeKind::kCall);
    node->text = "recurse";
    at_++;
    return finish(std::move(node));
  }
  if (at.is(".")) {
    NodePtr node = make(NodeKind::kIdentity);
    if (tokens_[at_ + 1].kind == TokenKind::kString) return dot(std::move(node));
    at_++;
    return finish(std::move(node));
  }
  if (at.is("(")) return parenthesis();
  if (at.is("[")) return array();
  if (at.is("{")) return object();
  if (at.is("$")) return variable();
  return unexpected("an expression");
}

Parser::Parsed Parser::word() {
  if (accept_word("if")) return conditional();
  if (accept_word("reduce")) return reduce();
  if (accept_word("foreach")) return foreach ();
  if (accept_word("null")) return literal(json::Value(), token().offset);
  if (accept_word("true")) return literal(json::Value::boolean(true), token().offset);
  if (accept_word("false")) return literal(json::Value::boolean(false), token().offset);
  if (token().is_word("break")) {
    NodePtr node = make(NodeKind::kBreak);
    at_++;
    auto name = variable_name();
    if (!name) return name.status();
    node->text = *name;
    return finish(std::move(node));
  }
  if (is_keyword(token().text)) return unexpected("an expression");
  return call();
}

Parser::Parsed Parser::call() {
  NodePtr node = make(NodeKind::kCall);
  node->text = tokens_[at_++].text;
  if (!accept("(")) return finish(std::move(node));
  const bool outer = std::exchange(no_comma_, false);
  do {
    auto argument = pipe();
    if (!argument) return argument;
    add(*node, std::move(*argument));
  } while (accept(";"));
  no_comma_ = outer;
  if (const Status status = expect(")"); !status) return status;
  return finish(std::move(node));
}

// The expressions between the pieces were cut into tokens with the string; each has its own parser.
Parser::Parsed Parser::string(std::string format_name) {
  const size_t at = at_++;
  if (tokens_[at].expressions.empty()) {
    return literal(json::Value::string(tokens_[at].pieces[0]), tokens_[at].offset);
  }
  NodePtr node = make(NodeKind::kString);
  node->text = std::move(format_name);
  node->pieces = tokens_[at].pieces;
  for (const std::vector<Token>& inner : tokens_[at].expressions) {
    auto expression = Parser(text_, inner, depth_ + 1).program();
    if (!expression) return expression;
    add(*node, std::move(*expression));
  }
  return finish(std::move(node));
}

Parser::Parsed Parser::format() {
  NodePtr node = make(NodeKind::kFormat);
  node->text = tokens_[at_++].text;
  if (token().kind == TokenKind::kString) return string(node->text);
  return finish(std::move(node));
}

Parser::Parsed Parser::array() {
  NodePtr node = make(NodeKind::kArray);
  at_++;
  if (accept("]")) return finish(std::move(node));
  const bool outer = std::exchange(no_comma_, false);
  auto inside = pipe();
  no_comma_ = outer;
  if (!inside) return inside;
  add(*node, std::move(*inside));
  if (const Status status = expect("]"); !status) return status;
  return finish(std::move(node));
}

Parser::Parsed Parser::parenthesis() {
  at_++;
  const bool outer = std::exchange(no_comma_, false);
  auto inside = pipe();
  no_comma_ = outer;
  if (!inside) return inside;
  if (const Status status = expect(")"); !status) return status;
  // The parentheses end what a '?' behind them would otherwise reach into.
  const bool open = (*inside)->kind == NodeKind::kField || (*inside)->kind == NodeKind::kSlice ||
                    (*inside)->kind == NodeKind::kIterate;
  if (!open || !token().is("?")) return inside;
  at_++;
  NodePtr node = make(NodeKind::kTry);
  add(*node, std::move(*inside));
  add(*node, nullptr);
  return finish(std::move(node));
}

Parser::Parsed Parser::variable() {
  NodePtr node = make(NodeKind::kVariable);
  auto name = variable_name();
  if (!name) return name.status();
  if (*name == "__loc__") {
    const std::string where = syntax_error(text_, node->offset, "").message();
    json::Value location = json::Value::object();
    location.set("file", json::Value::string("<top-level>"));
    location.set("line", json::Value::number(std::stod(where.substr(where.find(' ')))));
    return literal(std::move(location), node->offset);
  }
  node->text = *name;
  return finish(std::move(node));
}

}  // namespace penstock::jq
