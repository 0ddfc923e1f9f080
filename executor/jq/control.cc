// The emitter's control: what decides, loops, binds and catches.
#include "executor/jq/emitter.h"

namespace penstock::jq {

Status Emitter::pipe(const Node& node, bool tail) {
  const size_t bound = scope_->bindings.size();
  for (size_t i = 0; i < node.children.size(); i++) {
    PENSTOCK_TRY(emit(*node.children[i], tail && i + 1 == node.children.size()));
  }
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::comma(const Node& node, bool tail) {
  std::vector<uint32_t> ends;
  const size_t last = node.children.size() - 1;
  for (size_t i = 0; i < last; i++) {
    const uint32_t next = code(Op::kFork);
    PENSTOCK_TRY(emit(*node.children[i], tail));
    ends.push_back(code(Op::kJump));
    land(next);
  }
  PENSTOCK_TRY(emit(*node.children[last], tail));
  for (const uint32_t jump : ends) land(jump);
  return {};
}

Status Emitter::logic(const Node& node) {
  const bool is_and = node.kind == NodeKind::kAnd;
  PENSTOCK_TRY(emit_picked(*node.children[0], 0));
  const uint32_t when_false = code(Op::kJumpFalse);
  uint32_t end = 0;
  if (is_and) {
    PENSTOCK_TRY(emit(*node.children[1]));
    code(Op::kTruth);
  } else {
    code(Op::kConst, constant(json::Value::boolean(true)));
  }
  end = code(Op::kJump);
  land(when_false);
  if (is_and) {
    code(Op::kConst, constant(json::Value::boolean(false)));
  } else {
    PENSTOCK_TRY(emit(*node.children[1]));
    code(Op::kTruth);
  }
  land(end);
  return {};
}

Status Emitter::alternative(const Node& node, bool tail) {
  const uint32_t found = slot();
  const uint32_t fork = code(Op::kAlternative, found);
  PENSTOCK_TRY(emit(*node.children[0]));
  code(Op::kBacktrackFalse);
  code(Op::kFound, found);
  const uint32_t end = code(Op::kJump);
  land_b(fork);
  code(Op::kBacktrackFound, found);
  PENSTOCK_TRY(emit(*node.children[1], tail));
  land(end);
  return {};
}

Status Emitter::conditional(const Node& node, bool tail) {
  PENSTOCK_TRY(emit_picked(*node.children[0], 0));
  const uint32_t otherwise = code(Op::kJumpFalse);
  PENSTOCK_TRY(emit(*node.children[1], tail));
  const uint32_t end = code(Op::kJump);
  land(otherwise);
  if (node.children[2]) PENSTOCK_TRY(emit(*node.children[2], tail));
  land(end);
  return {};
}

Status Emitter::attempt(const Node& node) {
  const uint32_t which = slot();
  const uint32_t start = code(Op::kTry, which);
  PENSTOCK_TRY(emit(*node.children[0]));
  code(Op::kTryEnd, which);
  const uint32_t end = code(Op::kJump);
  land_b(start);
  if (node.children[1]) {
    PENSTOCK_TRY(emit(*node.children[1]));
  } else {
    code(Op::kBacktrack);
  }
  land(end);
  return {};
}

Status Emitter::label(const Node& node) {
  const size_t bound = scope_->bindings.size();
  const uint32_t mark = slot();
  scope_->bindings.push_back({BindingKind::kLabel, node.text, 0, mark});
  code(Op::kLabel, mark);
  PENSTOCK_TRY(emit(*node.children[0]));
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::break_out(const Node& node) {
  const Found found = find(BindingKind::kLabel, node.text);
  if (found.binding == nullptr) return unknown(node, "the label $" + node.text);
  code(Op::kBreak, found.binding->target, 0, 0, found.level);
  return {};
}

Status Emitter::reduce(const Node& node) {
  const size_t bound = scope_->bindings.size();
  const uint32_t state = slot();
  code(Op::kPick, 0);
  PENSTOCK_TRY(emit(*node.children[1]));
  code(Op::kStore, state);
  const uint32_t fork = code(Op::kFork);
  PENSTOCK_TRY(emit(*node.children[0]));
  PENSTOCK_TRY(declare(node.patterns[0]));
  code(Op::kPushTake, state);
  PENSTOCK_TRY(emit(*node.children[2]));
  code(Op::kStore, state);
  code(Op::kBacktrack);
  land(fork);
  code(Op::kTake, state);
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::foreach (const Node& node) {
  const size_t bound = scope_->bindings.size();
  const uint32_t state = slot();
  code(Op::kPick, 0);
  PENSTOCK_TRY(emit(*node.children[1]));
  code(Op::kStore, state);
  PENSTOCK_TRY(emit(*node.children[0]));
  PENSTOCK_TRY(declare(node.patterns[0]));
  code(Op::kPushTake, state);
  PENSTOCK_TRY(emit(*node.children[2]));
  code(Op::kStoreCopy, state);
  if (node.children[3]) PENSTOCK_TRY(emit(*node.children[3]));
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::bind(const Node& node, bool tail) {
  if (node.patterns.size() > 1) return bind_alternatives(node);
  const size_t bound = scope_->bindings.size();
  PENSTOCK_TRY(emit_picked(*node.children[0], 0));
  PENSTOCK_TRY(declare(node.patterns[0]));
  PENSTOCK_TRY(emit(*node.children[1], tail));
  scope_->bindings.resize(bound);
  return {};
}

// `a as p ?// q | body`: an error in p or in the body moves on to q. All names of all patterns are
// known in the body, null where its pattern has no such name.
Status Emitter::bind_alternatives(const Node& node) {
  const size_t bound = scope_->bindings.size();
  const uint32_t value = slot(), which = slot();
  PENSTOCK_TRY(emit_picked(*node.children[0], 0));
  code(Op::kStore, value);
  for (const Pattern& pattern : node.patterns) declare_all(pattern);
  std::vector<uint32_t> to_body;
  const size_t last = node.patterns.size() - 1;
  for (size_t i = 0; i <= last; i++) {
    uint32_t start = 0;
    if (i < last) {
      code(Op::kPick, 0);
      start = code(Op::kTry, which);
      code(Op::kPop);
    } else {
      code(Op::kSetNull, which);
    }
    for (const Pattern& pattern : node.patterns) null_all(pattern);
    code(Op::kPushVariable, value);
    PENSTOCK_TRY(take_apart(node.patterns[i]));
    if (i == last) break;
    to_body.push_back(code(Op::kJump));
    land_b(start);
    code(Op::kPop);
  }
  for (const uint32_t jump : to_body) land(jump);
  PENSTOCK_TRY(emit(*node.children[1]));
  code(Op::kTryEnd, which);
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::declare(const Pattern& pattern) {
  declare_all(pattern);
  return take_apart(pattern);
}

void Emitter::declare_all(const Pattern& pattern) {
  if (!pattern.variable.empty()) bind_variable(pattern.variable);
  for (const Pattern::Part& part : pattern.parts) {
    if (!part.variable.empty()) bind_variable(part.variable);
    if (part.inner) declare_all(*part.inner);
  }
}

void Emitter::null_all(const Pattern& pattern) {
  if (!pattern.variable.empty()) {
    code(Op::kSetNull, find(BindingKind::kVariable, pattern.variable).binding->target);
  }
  for (const Pattern::Part& part : pattern.parts) {
    if (!part.variable.empty()) {
      code(Op::kSetNull, find(BindingKind::kVariable, part.variable).binding->target);
    }
    if (part.inner) null_all(*part.inner);
  }
}

// Uses up the value on top.
Status Emitter::take_apart(const Pattern& pattern) {
  if (!pattern.variable.empty()) {
    code(Op::kStore, find(BindingKind::kVariable, pattern.variable).binding->target);
    return {};
  }
  for (size_t i = 0; i < pattern.parts.size(); i++) PENSTOCK_TRY(take_part(pattern.parts[i], i));
  code(Op::kPop);
  return {};
}

Status Emitter::take_part(const Pattern::Part& part, size_t index) {
  code(Op::kNest);
  if (part.key == nullptr) {
    code(Op::kPick, 0);
    code(Op::kField, constant(json::Value::number(static_cast<double>(index))));
  } else {
    PENSTOCK_TRY(emit_picked(*part.key, 0));
    code(Op::kPick, 1);
    code(Op::kIndex);
  }
  code(Op::kUnnest);
  if (!part.variable.empty()) {
    const Found found = find(BindingKind::kVariable, part.variable);
    code(part.inner ? Op::kStoreCopy : Op::kStore, found.binding->target);
  }
  return part.inner ? take_apart(*part.inner) : Status();
}

}  // namespace penstock::jq
