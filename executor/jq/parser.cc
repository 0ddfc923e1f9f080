#include "executor/jq/parser.h"

#include <algorithm>

#include "executor/jq/fold.h"
#include "executor/jq/lexer.h"
#include "proto/limits.h"

namespace penstock::jq {
namespace {

enum class Side : uint8_t { kLeft, kRight, kNone };

struct Infix {
  std::string_view text;
  int level;  ///< higher binds tighter
  Side side;  ///< which way equals group
  NodeKind kind;
  Operator op = Operator::kAdd;
};

constexpr int lowest_level = 1;

constexpr Infix infixes[] = {
    {"//", 1, Side::kRight, NodeKind::kAlternative},
    {"=", 2, Side::kNone, NodeKind::kUpdate},
    {"|=", 2, Side::kNone, NodeKind::kUpdate},
    {"+=", 2, Side::kNone, NodeKind::kUpdate},
    {"-=", 2, Side::kNone, NodeKind::kUpdate},
    {"*=", 2, Side::kNone, NodeKind::kUpdate},
    {"/=", 2, Side::kNone, NodeKind::kUpdate},
    {"%=", 2, Side::kNone, NodeKind::kUpdate},
    {"//=", 2, Side::kNone, NodeKind::kUpdate},
    {"or", 3, Side::kLeft, NodeKind::kOr},
    {"and", 4, Side::kLeft, NodeKind::kAnd},
    {"==", 5, Side::kNone, NodeKind::kBinary, Operator::kEqual},
    {"!=", 5, Side::kNone, NodeKind::kBinary, Operator::kNotEqual},
    {"<", 5, Side::kNone, NodeKind::kBinary, Operator::kLess},
    {"<=", 5, Side::kNone, NodeKind::kBinary, Operator::kLessEqual},
    {">", 5, Side::kNone, NodeKind::kBinary, Operator::kGreater},
    {">=", 5, Side::kNone, NodeKind::kBinary, Operator::kGreaterEqual},
    {"+", 6, Side::kLeft, NodeKind::kBinary, Operator::kAdd},
    {"-", 6, Side::kLeft, NodeKind::kBinary, Operator::kSubtract},
    {"*", 7, Side::kLeft, NodeKind::kBinary, Operator::kMultiply},
    {"/", 7, Side::kLeft, NodeKind::kBinary, Operator::kDivide},
    {"%", 7, Side::kLeft, NodeKind::kBinary, Operator::kModulo},
};

const Infix* find_infix(const Token& token) {
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kName) return nullptr;
  for (const Infix& infix : infixes)
    if (infix.text == token.text) return &infix;
  return nullptr;
}

}  // namespace

Result<NodePtr> parse_program(std::string_view text) {
  if (text.size() > limits::jq_program_bytes_max) {
    return Status::full("the expression is longer than " +
                        std::to_string(limits::jq_program_bytes_max) + " bytes");
  }
  auto tokens = Lexer(text).run();
  if (!tokens) return tokens.status();
  return Parser(text, *tokens).program();
}

Result<std::vector<Function>> parse_definitions(std::string_view text) {
  auto tokens = Lexer(text).run();
  if (!tokens) return tokens.status();
  return Parser(text, *tokens).definitions();
}

Result<NodePtr> Parser::program() {
  for (const std::string_view word : {"import", "include", "module"}) {
    if (token().is_word(word)) return unexpected("an expression (modules are not supported)");
  }
  if (token().kind == TokenKind::kEnd) return finish(make(NodeKind::kIdentity));
  auto tree = pipe();
  if (tree && token().kind != TokenKind::kEnd) return unexpected("the end of the expression");
  return tree;
}

Result<std::vector<Function>> Parser::definitions() {
  std::vector<Function> all;
  while (accept_word("def")) {
    auto one = function();
    if (!one) return one.status();
    all.push_back(std::move(*one));
  }
  if (token().kind != TokenKind::kEnd) return unexpected("a definition");
  return all;
}

Parser::Parsed Parser::pipe() {
  auto first = comma();
  if (!first || !token().is("|")) return first;
  NodePtr node = make(NodeKind::kPipe);
  add(*node, std::move(*first));
  while (accept("|")) {
    auto next = comma();
    if (!next) return next;
    add(*node, std::move(*next));
  }
  return finish(std::move(node));
}

Parser::Parsed Parser::comma() {
  auto first = binary(lowest_level);
  if (!first || no_comma_ || !token().is(",")) return first;
  NodePtr node = make(NodeKind::kComma);
  add(*node, std::move(*first));
  while (accept(",")) {
    auto next = binary(lowest_level);
    if (!next) return next;
    add(*node, std::move(*next));
  }
  return finish(std::move(node));
}

Parser::Parsed Parser::binary(int level) {
  auto left = operand();
  int ceiling = INT32_MAX;
  while (left) {
    const Infix* infix = find_infix(token());
    if (infix == nullptr || infix->level < level) return left;
    if (infix->level >= ceiling) return unexpected("parentheses around one of the comparisons");
    NodePtr node = make(infix->kind);
    node->op = infix->op;
    node->text = infix->text;
    at_++;
    auto right = binary(infix->side == Side::kRight ? infix->level : infix->level + 1);
    if (!right) return right;
    add(*node, std::move(*left));
    add(*node, std::move(*right));
    if (infix->side == Side::kNone) ceiling = infix->level;
    left = finish(std::move(node));
  }
  return left;
}

Parser::Parsed Parser::operand() {
  const Deeper deeper(depth_);
  if (deeper.too_deep()) return too_deep();
  if (token().is("-")) return negate();
  if (accept_word("def")) return define();
  if (accept_word("label")) return label();
  if (accept_word("try")) return attempt();
  auto term = postfix();
  if (!term || !accept_word("as")) return term;
  return bind(std::move(*term));
}

Parser::Parsed Parser::negate() {
  NodePtr node = make(NodeKind::kNegate);
  at_++;
  auto inner = operand();
  if (!inner) return inner;
  add(*node, std::move(*inner));
  return finish(std::move(node));
}

Parser::Parsed Parser::finish(NodePtr node) {
  for (const NodePtr& child : node->children)
    if (child) node->depth = std::max(node->depth, child->depth + 1);
  if (node->depth > limits::jq_program_depth_max) return too_deep();
  if (const Status status = fold(*node); !status) {
    return syntax_error(text_, node->offset, status.message());
  }
  return node;
}

Status Parser::too_deep() {
  return Status::full("the expression is nested deeper than " +
                      std::to_string(limits::jq_program_depth_max));
}

NodePtr Parser::make(NodeKind kind) const {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->offset = static_cast<uint32_t>(token().offset);
  return node;
}

void Parser::add(Node& node, NodePtr child) {
  node.children.push_back(std::move(child));
}

NodePtr Parser::literal(json::Value value, size_t offset) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::kLiteral;
  node->value = std::move(value);
  node->offset = static_cast<uint32_t>(offset);
  return node;
}

bool Parser::accept(std::string_view symbol) {
  if (!token().is(symbol)) return false;
  at_++;
  return true;
}

bool Parser::accept_word(std::string_view word) {
  if (!token().is_word(word)) return false;
  at_++;
  return true;
}

Status Parser::expect(std::string_view symbol) {
  return accept(symbol) ? Status() : unexpected("'" + std::string(symbol) + "'");
}

Status Parser::expect_word(std::string_view word) {
  return accept_word(word) ? Status() : unexpected("'" + std::string(word) + "'");
}

Result<std::string> Parser::variable_name() {
  if (accept("$") && token().kind == TokenKind::kName) return tokens_[at_++].text;
  if (token().kind == TokenKind::kVariable) return tokens_[at_++].text;
  return unexpected("a variable such as $name");
}

Status Parser::unexpected(std::string_view expected) const {
  std::string found = "the end";
  if (token().kind == TokenKind::kString)
    found = "a string";
  else if (token().kind != TokenKind::kEnd)
    found = "'" + token().text + "'";
  return syntax_error(text_, token().offset, std::string(expected) + " was expected, not " + found);
}

bool is_keyword(std::string_view word) {
  static constexpr std::string_view keywords[] = {
      "def", "if",    "then",  "else",   "elif",    "end", "as", "reduce", "foreach",
      "try", "catch", "label", "import", "include", "and", "or", "module", "__loc__"};
  return std::find(std::begin(keywords), std::end(keywords), word) != std::end(keywords);
}

}  // namespace penstock::jq
