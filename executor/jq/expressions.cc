// The emitter's expressions: paths, constructors, operators.
#include "executor/jq/emitter.h"
#include "executor/jq/format.h"
#include "executor/jq/lexer.h"

namespace penstock::jq {

Status Emitter::emit(const Node& node, bool tail) {
  switch (node.kind) {
    case NodeKind::kIdentity:
      return {};
    case NodeKind::kLiteral:
      code(Op::kConst, constant(node.value));
      return {};
    case NodeKind::kString:
      return string(node);
    case NodeKind::kFormat:
      return format(node);
    case NodeKind::kVariable:
      return variable(node, false);
    case NodeKind::kField:
      return field(node);
    case NodeKind::kSlice:
      return slice(node);
    case NodeKind::kIterate:
      PENSTOCK_TRY(emit(*node.children[0]));
      code(Op::kEach, 0, 0, node.optional);
      return {};
    case NodeKind::kArray:
      return array(node);
    case NodeKind::kObject:
      return object(node);
    case NodeKind::kNegate:
      PENSTOCK_TRY(emit(*node.children[0]));
      code(Op::kNegate);
      return {};
    case NodeKind::kPipe:
      return pipe(node, tail);
    case NodeKind::kComma:
      return comma(node, tail);
    case NodeKind::kBinary:
      return binary(node);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return logic(node);
    case NodeKind::kAlternative:
      return alternative(node, tail);
    case NodeKind::kUpdate:
      return update(node);
    case NodeKind::kIf:
      return conditional(node, tail);
    case NodeKind::kTry:
      return attempt(node);
    case NodeKind::kReduce:
      return reduce(node);
    case NodeKind::kForeach:
      return foreach (node);
    case NodeKind::kBind:
      return bind(node, tail);
    case NodeKind::kCall:
      return call(node, tail);
    case NodeKind::kLabel:
      return label(node);
    case NodeKind::kBreak:
      return break_out(node);
    case NodeKind::kDefine:
      break;
  }
  const size_t bound = scope_->bindings.size();
  PENSTOCK_TRY(define(*node.function));
  PENSTOCK_TRY(emit(*node.children[0], tail));
  scope_->bindings.resize(bound);
  return {};
}

// Pushes the node's output for the input that lies `below` the top, leaving that where it is.
Status Emitter::emit_picked(const Node& node, uint32_t below) {
  if (node.kind == NodeKind::kLiteral) {
    code(Op::kPushConst, constant(node.value));
    return {};
  }
  if (node.kind == NodeKind::kVariable) return variable(node, true);
  if (node.kind == NodeKind::kIdentity) {
    code(Op::kPick, below);
    return {};
  }
  code(Op::kPickNest, below);
  PENSTOCK_TRY(emit(node));
  code(Op::kUnnest);
  return {};
}

// As nested additions would have it, the first hole varies fastest.
Status Emitter::string(const Node& node) {
  const auto kind = find_format(node.text);
  if (!kind) return syntax_error(text_, node.offset, node.text + " is not a valid format");
  uint32_t below = 0;
  for (size_t i = node.children.size(); i-- > 0;) {
    PENSTOCK_TRY(emit_picked(*node.children[i], below++));
    code(Op::kFormat, static_cast<uint32_t>(*kind));
  }
  program_->templates.push_back({node.pieces});
  code(Op::kInterpolate, static_cast<uint32_t>(program_->templates.size() - 1));
  return {};
}

Status Emitter::format(const Node& node) {
  const auto kind = find_format(node.text);
  if (!kind) return syntax_error(text_, node.offset, node.text + " is not a valid format");
  code(Op::kFormat, static_cast<uint32_t>(*kind));
  return {};
}

Status Emitter::variable(const Node& node, bool push) {
  const Found found = find(BindingKind::kVariable, node.text);
  if (found.binding == nullptr) {
    if (node.text != "ENV") return unknown(node, "$" + node.text);
    code(push ? Op::kPushConst : Op::kConst, constant(json::Value::object()));
    return {};
  }
  code(push ? Op::kPushVariable : Op::kVariable, found.binding->target, 0, 0, found.level);
  return {};
}

Status Emitter::field(const Node& node) {
  const Node& term = *node.children[0];
  const Node& key = *node.children[1];
  if (key.kind == NodeKind::kLiteral) {
    PENSTOCK_TRY(emit(term));
    code(Op::kField, constant(key.value), 0, node.optional);
    return {};
  }
  PENSTOCK_TRY(emit_picked(key, 0));
  code(Op::kSwap);
  PENSTOCK_TRY(emit(term));
  code(Op::kIndex, 0, 0, node.optional);
  return {};
}

Status Emitter::slice(const Node& node) {
  for (uint32_t bound = 0; bound < 2; bound++) {
    const NodePtr& given = node.children[bound + 1];
    if (given) {
      PENSTOCK_TRY(emit_picked(*given, bound));
    } else {
      code(Op::kPushConst, constant(json::Value()));
    }
  }
  code(Op::kSlice);
  code(Op::kSwap);
  PENSTOCK_TRY(emit(*node.children[0]));
  code(Op::kIndex, 0, 0, node.optional);
  return {};
}

Status Emitter::array(const Node& node) {
  const uint32_t items = slot();
  const uint32_t collect = code(Op::kCollect, items);
  PENSTOCK_TRY(emit(*node.children[0]));
  code(Op::kAppend, items);
  land_b(collect);
  code(Op::kTake, items);
  return {};
}

Status Emitter::object(const Node& node) {
  code(Op::kPushConst, constant(json::Value::object()));
  for (size_t i = 0; i < node.children.size(); i += 2) {
    const Node& key = *node.children[i];
    const Node* value = node.children[i + 1].get();
    if (key.kind == NodeKind::kLiteral && value != nullptr) {
      PENSTOCK_TRY(emit_picked(*value, 1));
      code(Op::kInsertConst, constant(key.value));
      continue;
    }
    PENSTOCK_TRY(emit_picked(key, 1));
    if (value != nullptr) {
      PENSTOCK_TRY(emit_picked(*value, 2));
    } else {
      // `{a}`: the input at the key just made.
      code(Op::kPick, 0);
      code(Op::kPickNest, 3);
      code(Op::kIndex);
      code(Op::kUnnest);
    }
    code(Op::kInsert);
  }
  code(Op::kNip);
  return {};
}

// The right side is computed first, on a copy; the left one then uses up the input, so that
// `. + [x]` may grow an array in place.
Status Emitter::binary(const Node& node) {
  const Node& left = *node.children[0];
  const Node& right = *node.children[1];
  const auto op = static_cast<uint8_t>(node.op);
  if (right.kind == NodeKind::kLiteral) {
    code(Op::kNest);
    PENSTOCK_TRY(emit(left));
    code(Op::kUnnest);
    code(Op::kBinaryConst, constant(right.value), 0, op);
    return {};
  }
  PENSTOCK_TRY(emit_picked(right, 0));
  code(Op::kSwap);
  code(Op::kNest);
  PENSTOCK_TRY(emit(left));
  code(Op::kBinary, 0, 0, op);
  return {};
}

}  // namespace penstock::jq
