// Builds the tree of a jq program from its tokens: precedence climbing for operators, one function
// a construct. Constants fold as they are met.
//
// Lifecycle: one parser a text. Limitations: depth is bounded by limits::jq_program_depth_max.
#pragma once

#include <string_view>
#include <vector>

#include "executor/jq/token.h"
#include "executor/jq/tree.h"
#include "proto/limits.h"
#include "proto/status.h"

namespace penstock::jq {

/// A whole program. Fault kInvalid says where and what was expected; kUnsupported: modules.
Result<NodePtr> parse_program(std::string_view text);
/// Definitions only, as the built-in functions are written.
Result<std::vector<Function>> parse_definitions(std::string_view text);

class Parser {
 public:
  Parser(std::string_view text, const std::vector<Token>& tokens, size_t depth = 0)
      : text_(text), tokens_(tokens), depth_(depth) {}

  /// Everything up to the end.
  Result<NodePtr> program();
  Result<std::vector<Function>> definitions();

 private:
  using Parsed = Result<NodePtr>;

  /// Counts the recursion for as long as it lives.
  class Deeper {
   public:
    explicit Deeper(size_t& depth) : depth_(depth) { depth_++; }
    ~Deeper() { depth_--; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    bool too_deep() const { return depth_ > limits::jq_program_depth_max; }

   private:
    size_t& depth_;
  };

  // parser.cc: operators
  Parsed pipe();
  Parsed comma();
  Parsed binary(int level);
  Parsed operand();
  Parsed negate();

  // statements.cc: what starts with a word of its own
  Parsed define();
  Parsed label();
  Parsed attempt();
  Parsed bind(NodePtr source);
  Parsed conditional();
  Parsed reduce();
  Parsed foreach ();
  Result<Function> function();

  // terms.cc: what stands between operators
  Parsed postfix();
  Parsed suffix(NodePtr term, bool& more);
  Parsed bracket(NodePtr term);
  Parsed dot(NodePtr term);
  Parsed mark_optional(NodePtr term);
  Parsed term();
  Parsed word();
  Parsed call();
  Parsed string(std::string format);
  Parsed format();
  Parsed array();
  Parsed variable();
  Parsed parenthesis();

  // objects.cc: constructors and patterns
  Parsed object();
  Status object_entry(Node& object);
  Status object_value(Node& object, NodePtr key);
  Result<std::vector<Pattern>> patterns();
  Result<Pattern> pattern();
  Status array_parts(Pattern& pattern);
  Status object_parts(Pattern& pattern);
  Result<Pattern::Part> object_part();

  Parsed finish(NodePtr node);
  static Status too_deep();
  NodePtr make(NodeKind kind) const;
  static void add(Node& node, NodePtr child);
  static NodePtr literal(json::Value value, size_t offset);

  const Token& token() const { return tokens_[at_]; }
  bool accept(std::string_view symbol);
  bool accept_word(std::string_view word);
  Status expect(std::string_view symbol);
  Status expect_word(std::string_view word);
  Result<std::string> variable_name();
  Status unexpected(std::string_view expected) const;

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  size_t depth_ = 0;
  bool no_comma_ = false;  ///< inside an object's value
};

/// True for the words that cannot name a function.
bool is_keyword(std::string_view word);

}  // namespace penstock::jq
