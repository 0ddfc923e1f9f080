#include "executor/jq/emitter.h"

#include <algorithm>
#include <utility>

#include "executor/jq/builtins.h"
#include "executor/jq/lexer.h"
#include "executor/jq/native.h"
#include "executor/jq/parser.h"
#include "executor/jq/regex.h"

namespace penstock::jq {

Status Emitter::emit_program(const Node& tree, std::span<const std::string> variables,
                             Program& program) {
  program_ = &program;
  program.variables = static_cast<uint32_t>(variables.size());
  program.functions.emplace_back();
  bodies_.emplace_back();
  scope_ = &main_;
  for (const std::string& name : variables) bind_variable(name);
  PENSTOCK_TRY(emit(tree));
  code(Op::kOutput);
  bodies_[Program::main_function] = std::move(main_.code);
  program.functions[Program::main_function].slots = main_.slots;
  link();
  return {};
}

// Functions are laid one behind the other; jumps within them were counted from their own start.
void Emitter::link() {
  for (size_t i = 0; i < bodies_.size(); i++) {
    const uint32_t base = static_cast<uint32_t>(program_->code.size());
    program_->functions[i].entry = base;
    for (Instruction one : bodies_[i]) {
      switch (one.op) {
        case Op::kFork:
        case Op::kJump:
        case Op::kJumpFalse:
          one.a += base;
          break;
        case Op::kCollect:
        case Op::kTry:
        case Op::kAlternative:
          one.b += base;
          break;
        default:
          break;
      }
      program_->code.push_back(one);
    }
  }
}

uint32_t Emitter::code(Op op, uint32_t a, uint32_t b, uint8_t extra, uint16_t level) {
  scope_->code.push_back({op, extra, level, a, b});
  return here() - 1;
}

void Emitter::land(uint32_t jump) {
  scope_->code[jump].a = here();
}
void Emitter::land_b(uint32_t jump) {
  scope_->code[jump].b = here();
}

uint32_t Emitter::constant(json::Value value) {
  program_->constants.push_back(std::move(value));
  return static_cast<uint32_t>(program_->constants.size() - 1);
}

uint32_t Emitter::bind_variable(const std::string& name) {
  const uint32_t made = slot();
  scope_->bindings.push_back({BindingKind::kVariable, name, 0, made});
  return made;
}

Emitter::Found Emitter::find(BindingKind kind, std::string_view name, size_t arity) const {
  uint16_t level = 0;
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent, level++) {
    for (size_t i = scope->bindings.size(); i-- > 0;) {
      const Binding& one = scope->bindings[i];
      const bool called = kind == BindingKind::kFunction && one.kind == BindingKind::kParameter;
      if ((one.kind == kind || called) && one.name == name && one.arity == arity) {
        return {&one, level};
      }
    }
    if (scope->builtin) return {};
  }
  return {};
}

uint16_t Emitter::levels_to_main() const {
  uint16_t levels = 0;
  for (const Scope* scope = scope_; scope != &main_; scope = scope->parent) levels++;
  return levels;
}

Status Emitter::unknown(const Node& node, const std::string& what) const {
  return syntax_error(text_, node.offset, what + " is not defined");
}

Status Emitter::define(const Function& function) {
  const uint32_t id = static_cast<uint32_t>(program_->functions.size());
  program_->functions.emplace_back();
  bodies_.emplace_back();
  // Bound before its body is made, so that it may call itself.
  scope_->bindings.push_back(
      {BindingKind::kFunction, function.name, function.parameters.size(), id});
  return function_body(function, id, false);
}

Status Emitter::function_body(const Function& function, uint32_t id, bool builtin) {
  Scope scope;
  scope.parent = scope_;
  scope.id = id;
  scope.builtin = builtin;
  scope_ = &scope;
  uint32_t number = 0;
  for (const std::string& name : function.parameters) {
    const std::string plain = name[0] == '$' ? name.substr(1) : name;
    scope.bindings.push_back({BindingKind::kParameter, plain, 0, number++});
  }
  number = 0;
  for (const std::string& name : function.parameters) {
    if (name[0] == '$') {
      code(Op::kPickNest, 0);
      code(Op::kParameter, number);
      code(Op::kUnnest);
      code(Op::kStore, bind_variable(name.substr(1)));
    }
    number++;
  }
  PENSTOCK_TRY(emit(*function.body, true));
  code(Op::kReturn);
  program_->functions[id].slots = scope.slots;
  program_->functions[id].parameters = static_cast<uint32_t>(function.parameters.size());
  bodies_[id] = std::move(scope.code);
  scope_ = scope.parent;
  return {};
}

Status Emitter::call(const Node& node, bool tail) {
  const Found found = find(BindingKind::kFunction, node.text, node.children.size());
  if (found.binding == nullptr) return call_builtin(node, tail);
  if (found.binding->kind == BindingKind::kParameter) {
    code(tail ? Op::kTailParameter : Op::kParameter, found.binding->target, 0, 0, found.level);
    return {};
  }
  return call_function(node, found.binding->target, found.level, tail);
}

Status Emitter::call_builtin(const Node& node, bool tail) {
  PENSTOCK_TRY(check_regex(node));
  bool done = false;
  PENSTOCK_TRY(call_special(node, done));
  if (done) return {};
  const size_t arity = node.children.size();
  if (const Native* native = find_native(node.text, arity)) return call_native(node, *native);
  const std::string name = node.text + "/" + std::to_string(arity);
  if (auto known = builtins_.find(name); known != builtins_.end()) {
    return call_function(node, known->second, levels_to_main(), tail);
  }
  const std::string_view source = builtin_source(name);
  if (source.empty()) return unknown(node, name);
  auto functions = parse_definitions(source);
  if (!functions) return functions.status();
  const uint32_t id = static_cast<uint32_t>(program_->functions.size());
  program_->functions.emplace_back();
  bodies_.emplace_back();
  builtins_.emplace(name, id);
  Scope* const caller = std::exchange(scope_, &main_);
  PENSTOCK_TRY(function_body((*functions)[0], id, true));
  scope_ = caller;
  return call_function(node, id, levels_to_main(), tail);
}

// A pattern that is written out and that RE2 does not take: kUnsupported, for libjq may.
Status Emitter::check_regex(const Node& node) const {
  static constexpr std::string_view matching[] = {"test",  "match",  "capture", "scan",
                                                  "split", "splits", "sub",     "gsub"};
  const bool matches =
      std::find(std::begin(matching), std::end(matching), node.text) != std::end(matching);
  const bool plain_split = node.text == "split" && node.children.size() == 1;
  if (!matches || plain_split || node.children.empty()) return {};
  if (node.children[0]->kind != NodeKind::kLiteral) return {};
  const json::Value& given = node.children[0]->value;
  const json::Value pattern = given.is_array() ? given.at(0) : given;
  if (!pattern.is_string()) return {};
  const Status status = Regex::compile(pattern.as_string(), "").status();
  return status ? Status() : Status::unsupported(status.message());
}

// What is an instruction rather than a function.
Status Emitter::call_special(const Node& node, bool& done) {
  const size_t arity = node.children.size();
  done = true;
  if (node.text == "empty" && arity == 0) {
    code(Op::kBacktrack);
  } else if (node.text == "path" && arity == 1) {
    code(Op::kPathBegin);
    PENSTOCK_TRY(emit(*node.children[0]));
    code(Op::kPathEnd);
  } else if (node.text == "getpath" && arity == 1) {
    PENSTOCK_TRY(emit_picked(*node.children[0], 0));
    code(Op::kSwap);
    code(Op::kGetPath);
  } else if (node.text == "range" && arity >= 1 && arity <= 3) {
    return range(node);
  } else {
    done = false;
  }
  return {};
}

Status Emitter::range(const Node& node) {
  const size_t arity = node.children.size();
  uint32_t below = 0;
  if (arity == 1) code(Op::kPushConst, constant(json::Value::number(0))), below++;
  for (const NodePtr& argument : node.children) PENSTOCK_TRY(emit_picked(*argument, below++));
  if (arity < 3) code(Op::kPushConst, constant(json::Value::number(1)));
  code(Op::kRange);
  return {};
}

// The last argument varies slowest, as it does in jq.
Status Emitter::call_native(const Node& node, const Native& native) {
  const size_t arity = node.children.size();
  for (size_t i = arity; i-- > 0;) {
    PENSTOCK_TRY(emit_picked(*node.children[i], static_cast<uint32_t>(arity - 1 - i)));
  }
  program_->natives.push_back(&native);
  code(Op::kNative, static_cast<uint32_t>(program_->natives.size() - 1), 0,
       static_cast<uint8_t>(arity));
  return {};
}

// A tail call gives up this frame, so nothing may be handed on that still needs it.
Status Emitter::call_function(const Node& node, uint32_t id, uint16_t level, bool tail) {
  std::vector<Instruction> arguments(node.children.size());
  bool needs_frame = level == 0;
  for (size_t i = 0; i < arguments.size(); i++) {
    PENSTOCK_TRY(argument(*node.children[i], arguments[i]));
    const bool own = arguments[i].extra == kNewClosure ||
                     (arguments[i].extra == kNamedFunction && arguments[i].level == 0);
    needs_frame = needs_frame || own;
  }
  const Op op = tail && !needs_frame ? Op::kTailCall : Op::kCall;
  code(op, id, static_cast<uint32_t>(arguments.size()), 0, level);
  scope_->code.insert(scope_->code.end(), arguments.begin(), arguments.end());
  return {};
}

Status Emitter::argument(const Node& node, Instruction& out) {
  if (node.kind == NodeKind::kCall && node.children.empty()) {
    const Found found = find(BindingKind::kFunction, node.text);
    if (found.binding != nullptr) {
      const bool parameter = found.binding->kind == BindingKind::kParameter;
      const ArgumentKind kind = parameter ? kPassedParameter : kNamedFunction;
      out = {Op::kArgument, kind, found.level, found.binding->target, 0};
      return {};
    }
  }
  uint32_t id = 0;
  PENSTOCK_TRY(closure(node, id));
  out = {Op::kArgument, kNewClosure, 0, id, 0};
  return {};
}

Status Emitter::closure(const Node& node, uint32_t& id) {
  id = static_cast<uint32_t>(program_->functions.size());
  program_->functions.emplace_back();
  bodies_.emplace_back();
  Scope scope;
  scope.parent = scope_;
  scope.id = id;
  scope_ = &scope;
  PENSTOCK_TRY(emit(node, true));
  code(Op::kReturn);
  program_->functions[id].slots = scope.slots;
  bodies_[id] = std::move(scope.code);
  scope_ = scope.parent;
  return {};
}

}  // namespace penstock::jq
