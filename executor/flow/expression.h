// A jq expression of a workflow, compiled once, with the variables it mentions worked out: only
// these are made when it is evaluated. Immutable, shared by all runs of a workflow version.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "executor/jq/jq.h"
#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::flow {

/// The variables that the language defines.
enum class Global : uint8_t {
  kContext,
  kInput,
  kOutput,
  kTask,
  kWorkflow,
  kRuntime,
  kSecrets,
  kAuthorization,
  kCount_,
};

/// The variables that tasks define (for.each, for.at, catch.as), outermost first: the position of
/// a name is its slot. An inner name hides an outer one.
using LocalNames = std::vector<std::string>;

/// Gives an evaluation the values of variables. Lives on the caller's stack.
class Scope {
 public:
  virtual ~Scope() = default;
  virtual json::Value global(Global which) const = 0;
  virtual json::Value local(uint32_t slot) const = 0;
  /// Wall clock as this evaluation sees it: the time of the event that led to it.
  virtual uint64_t now_ms() const = 0;
  virtual jq::Runner& runner() const = 0;
};

class Expression {
 public:
  /// kInvalid says what is wrong with the text.
  static Result<Expression> compile(std::string_view jq, const LocalNames& locals);
  /// The first output, null when there is none. kInvalid: jq raised an error; kFull: a budget.
  Result<json::Value> evaluate(const json::Value& dot, const Scope& scope) const;

 private:
  struct Variable {
    bool is_global;
    uint32_t index;
  };
  Expression() = default;

  jq::ProgramPtr program_;
  std::vector<Variable> variables_;
};

}  // namespace penstock::flow
