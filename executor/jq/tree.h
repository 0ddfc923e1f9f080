// The tree of a jq program, as the parser builds it and the emitter reads it. Plain data.
//
// Limitations: trees are at most limits::jq_program_depth_max deep; whoever builds one counts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "executor/json/value.h"

namespace penstock::jq {

enum class Operator : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

enum class NodeKind : uint8_t {
  kIdentity,
  kLiteral,   ///< value
  kString,    ///< pieces, children between them; text: the format's name
  kFormat,    ///< text
  kVariable,  ///< text
  kField,     ///< children: term, key
  kSlice,     ///< children: term, begin, end (either may be null)
  kIterate,   ///< children: term
  kArray,     ///< children: none or one
  kObject,    ///< children: key, value, key, value, …
  kNegate,    ///< children: one
  kPipe,      ///< children: two or more
  kComma,     ///< children: two or more
  kBinary,    ///< op; children: left, right
  kAnd,
  kOr,
  kAlternative,  ///< children: left, right
  kUpdate,       ///< text: the operator as written; children: left, right
  kIf,           ///< children: condition, then, else (null: identity)
  kTry,          ///< children: body, handler (null: swallow)
  kReduce,       ///< patterns; children: source, start, update
  kForeach,      ///< patterns; children: source, start, update, extract (may be null)
  kBind,         ///< patterns; children: source, body
  kDefine,       ///< function; children: rest
  kCall,         ///< text, children: arguments
  kLabel,        ///< text; children: body
  kBreak,        ///< text
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

/// What `as` takes apart.
struct Pattern {
  struct Part {
    NodePtr key;                     ///< null: the part's position in an array
    std::string variable;            ///< of `$name` or `$name: pattern` in an object; else empty
    std::unique_ptr<Pattern> inner;  ///< null: nothing below
  };
  std::string variable;  ///< not empty: the pattern is just this variable
  std::vector<Part> parts;
};

struct Function {
  std::string name;
  std::vector<std::string> parameters;  ///< those bound as values too start with '$'
  NodePtr body;
};

struct Node {
  NodeKind kind = NodeKind::kIdentity;
  Operator op = Operator::kAdd;
  bool optional = false;  ///< kField, kSlice, kIterate: followed by '?'
  uint32_t offset = 0;    ///< in the program's text
  uint32_t depth = 1;
  std::string text;
  json::Value value;
  std::vector<NodePtr> children;
  std::vector<std::string> pieces;
  std::vector<Pattern> patterns;
  std::unique_ptr<Function> function;
};

}  // namespace penstock::jq
