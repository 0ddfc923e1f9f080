// Turns a tree into a program: names become slots and levels, expressions become instructions.
//
// Each function, and each expression handed to one as an argument, becomes a FunctionInfo of its
// own. Built-in functions that are written in jq come in only when they are used.
//
// Lifecycle: one emitter a program. Limitations: 65,535 levels of functions, far above what the
// parser lets through.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "executor/jq/program.h"
#include "executor/jq/tree.h"
#include "proto/status.h"

namespace penstock::jq {

class Emitter {
 public:
  explicit Emitter(std::string_view text) : text_(text) {}
  /// The whole program. Fault kInvalid: an unknown name.
  Status emit_program(const Node& tree, std::span<const std::string> variables, Program& program);

 private:
  enum class BindingKind : uint8_t { kVariable, kFunction, kParameter, kLabel };
  struct Binding {
    BindingKind kind;
    std::string name;
    size_t arity = 0;     ///< of functions
    uint32_t target = 0;  ///< slot, function or parameter number
  };
  /// A function while its code is made.
  struct Scope {
    Scope* parent = nullptr;
    uint32_t id = 0;
    uint32_t slots = 0;
    bool builtin = false;  ///< names outside are not seen
    std::vector<Instruction> code;
    std::vector<Binding> bindings;
  };
  struct Found {
    const Binding* binding = nullptr;
    uint16_t level = 0;
  };

  // emitter.cc: names, functions, calls
  Status define(const Function& function);
  Status function_body(const Function& function, uint32_t id, bool builtin);
  Status call(const Node& node, bool tail);
  Status call_special(const Node& node, bool& done);
  Status call_native(const Node& node, const Native& native);
  Status call_function(const Node& node, uint32_t id, uint16_t level, bool tail);
  Status call_builtin(const Node& node, bool tail);
  Status check_regex(const Node& node) const;
  Status range(const Node& node);
  Status argument(const Node& node, Instruction& out);
  Status closure(const Node& node, uint32_t& id);
  Found find(BindingKind kind, std::string_view name, size_t arity = 0) const;
  uint16_t levels_to_main() const;
  Status unknown(const Node& node, const std::string& what) const;

  // expressions.cc: one function a kind of node
  Status emit(const Node& node, bool tail = false);
  Status emit_picked(const Node& node, uint32_t below);
  Status string(const Node& node);
  Status variable(const Node& node, bool push);
  Status field(const Node& node);
  Status slice(const Node& node);
  Status array(const Node& node);
  Status object(const Node& node);
  Status binary(const Node& node);
  Status format(const Node& node);

  // updates.cc
  Status update(const Node& node);
  Status assign(const Node& node);
  Status modify(const Node& paths, const Node& change);
  Status modify_single(const Node& paths, const Node& change);
  Status emit_path(const Node& paths);
  Status emit_path_aside(const Node& paths, uint32_t path);

  // control.cc: what decides, loops, binds and catches
  Status pipe(const Node& node, bool tail);
  Status comma(const Node& node, bool tail);
  Status logic(const Node& node);
  Status alternative(const Node& node, bool tail);
  Status conditional(const Node& node, bool tail);
  Status attempt(const Node& node);
  Status label(const Node& node);
  Status break_out(const Node& node);
  Status reduce(const Node& node);
  Status foreach (const Node& node);
  Status bind(const Node& node, bool tail);
  Status bind_alternatives(const Node& node);
  Status take_apart(const Pattern& pattern);
  Status take_part(const Pattern::Part& part, size_t index);
  void declare_all(const Pattern& pattern);
  void null_all(const Pattern& pattern);
  Status declare(const Pattern& pattern);

  uint32_t code(Op op, uint32_t a = 0, uint32_t b = 0, uint8_t extra = 0, uint16_t level = 0);
  uint32_t here() const { return static_cast<uint32_t>(scope_->code.size()); }
  void land(uint32_t jump);    ///< a jump's target is here
  void land_b(uint32_t jump);  ///< the same for targets in b
  uint32_t slot() { return scope_->slots++; }
  uint32_t constant(json::Value value);
  uint32_t bind_variable(const std::string& name);
  void link();

  std::string_view text_;
  Program* program_ = nullptr;
  Scope main_;
  Scope* scope_ = nullptr;
  std::vector<std::vector<Instruction>> bodies_;           ///< by function number
  std::map<std::string, uint32_t, std::less<>> builtins_;  ///< those that came in, by name/arity
};

}  // namespace penstock::jq
