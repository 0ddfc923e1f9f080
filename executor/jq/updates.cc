// The emitter's updates: = |= += and the like.
#include "executor/jq/emitter.h"

namespace penstock::jq {
namespace {

// No program can name it: variables start with a letter or '_'.
constexpr const char* hidden_variable = "*right";

// Exactly one output, or an error: nothing in it forks.
bool is_single(const Node& node) {
  switch (node.kind) {
    case NodeKind::kIdentity:
    case NodeKind::kLiteral:
    case NodeKind::kVariable:
      return true;
    case NodeKind::kField:
      if (node.optional) return false;
      break;
    case NodeKind::kString:
    case NodeKind::kBinary:
    case NodeKind::kNegate:
    case NodeKind::kPipe:
      break;
    default:
      return false;
  }
  for (const NodePtr& child : node.children)
    if (!is_single(*child)) return false;
  return true;
}

}  // namespace

Status Emitter::update(const Node& node) {
  if (node.text == "=") return assign(node);
  const Node& paths = *node.children[0];
  const Node& right = *node.children[1];
  if (node.text == "|=") return modify(paths, right);
  // `a op= b` takes each b from the input as it was, then changes each a.
  const size_t bound = scope_->bindings.size();
  PENSTOCK_TRY(emit_picked(right, 0));
  code(Op::kStore, bind_variable(hidden_variable));
  Node change;
  change.kind = node.text == "//=" ? NodeKind::kAlternative : NodeKind::kBinary;
  switch (node.text[0]) {
    case '+':
      change.op = Operator::kAdd;
      break;
    case '-':
      change.op = Operator::kSubtract;
      break;
    case '*':
      change.op = Operator::kMultiply;
      break;
    case '%':
      change.op = Operator::kModulo;
      break;
    default:
      change.op = Operator::kDivide;
      break;
  }
  change.children.push_back(std::make_unique<Node>());
  change.children.push_back(std::make_unique<Node>());
  change.children[1]->kind = NodeKind::kVariable;
  change.children[1]->text = hidden_variable;
  PENSTOCK_TRY(modify(paths, change));
  scope_->bindings.resize(bound);
  return {};
}

Status Emitter::assign(const Node& node) {
  const Node& paths = *node.children[0];
  PENSTOCK_TRY(emit_picked(*node.children[1], 0));
  const uint32_t value = slot(), state = slot(), path = slot();
  code(Op::kStore, value);
  if (is_single(paths)) {
    PENSTOCK_TRY(emit_path_aside(paths, path));
    code(Op::kStore, state);
    code(Op::kPushVariable, value);
    code(Op::kPutPath, state, path);
    return {};
  }
  code(Op::kStoreCopy, state);
  const uint32_t fork = code(Op::kFork);
  PENSTOCK_TRY(emit_path(paths));
  code(Op::kStore, path);
  code(Op::kPushVariable, value);
  code(Op::kSetPath, state, path);
  land(fork);
  code(Op::kTake, state);
  return {};
}

// For each path the first output of `change` goes in; where there is none the path goes away, but
// only when all are done, so that positions stay what they were.
Status Emitter::modify(const Node& paths, const Node& change) {
  if (is_single(paths)) return modify_single(paths, change);
  const uint32_t state = slot(), path = slot(), gone = slot(), mark = slot();
  code(Op::kStoreCopy, state);
  const uint32_t fork = code(Op::kCollect, gone);
  PENSTOCK_TRY(emit_path(paths));
  code(Op::kStoreCopy, path);
  code(Op::kLabel, mark);
  const uint32_t none = code(Op::kFork);
  code(Op::kPushVariable, state);
  code(Op::kNest);
  code(Op::kGetPath);
  PENSTOCK_TRY(emit(change));
  code(Op::kUnnest);
  code(Op::kCut, mark);
  code(Op::kSetPath, state, path);
  land(none);
  code(Op::kAppend, gone);
  land_b(fork);
  code(Op::kDeletePaths, state, gone);
  return {};
}

// With one path that is known first, the input itself can be changed: it waits in a slot, where no
// fork holds on to it.
Status Emitter::modify_single(const Node& paths, const Node& change) {
  const uint32_t state = slot(), path = slot(), gone = slot(), mark = slot();
  PENSTOCK_TRY(emit_path_aside(paths, path));
  code(Op::kStore, state);
  code(Op::kLabel, mark);
  const uint32_t none = code(Op::kFork);
  code(Op::kTakePath, state, path);
  code(Op::kNest);
  PENSTOCK_TRY(emit(change));
  code(Op::kUnnest);
  code(Op::kCut, mark);
  code(Op::kPutPath, state, path);
  const uint32_t end = code(Op::kJump);
  land(none);
  const uint32_t collect = code(Op::kCollect, gone);
  code(Op::kPushVariable, path);
  code(Op::kAppend, gone);
  land_b(collect);
  code(Op::kPushConst, constant(json::Value()));
  code(Op::kDeletePaths, state, gone);
  land(end);
  return {};
}

Status Emitter::emit_path(const Node& paths) {
  code(Op::kPathBegin);
  PENSTOCK_TRY(emit(paths));
  code(Op::kPathEnd);
  return {};
}

Status Emitter::emit_path_aside(const Node& paths, uint32_t path) {
  code(Op::kPick, 0);
  PENSTOCK_TRY(emit_path(paths));
  code(Op::kStore, path);
  return {};
}

}  // namespace penstock::jq
