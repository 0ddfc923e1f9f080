#include "executor/jq/fold.h"

#include "executor/jq/error_text.h"

namespace penstock::jq {
namespace {

bool is_literal(const NodePtr& node) {
  return node && node->kind == NodeKind::kLiteral;
}

void become(Node& node, json::Value value) {
  node.kind = NodeKind::kLiteral;
  node.value = std::move(value);
  node.children.clear();
}

void fold_negate(Node& node) {
  if (!is_literal(node.children[0]) || !node.children[0]->value.is_number()) return;
  const json::Value& number = node.children[0]->value;
  const std::string text(number.number_text());
  if (text.empty()) return become(node, json::Value::number(-number.as_double()));
  become(node, json::Value::number_from_text(text[0] == '-' ? text.substr(1) : "-" + text));
}

void fold_array(Node& node) {
  if (node.children.empty()) return become(node, json::Value::array());
  Node& inside = *node.children[0];
  json::Value array = json::Value::array();
  if (inside.kind == NodeKind::kLiteral) {
    array.push_back(inside.value);
  } else {
    if (inside.kind != NodeKind::kComma) return;
    for (const NodePtr& child : inside.children) {
      if (!is_literal(child)) return;
      array.push_back(child->value);
    }
  }
  become(node, std::move(array));
}

Status fold_object(Node& node) {
  bool constant = true;
  for (size_t i = 0; i < node.children.size(); i += 2) {
    const NodePtr& key = node.children[i];
    if (is_literal(key) && !key->value.is_string()) {
      return Status::invalid("Cannot use " + describe(key->value) + " as object key");
    }
    constant = constant && is_literal(key) && is_literal(node.children[i + 1]);
  }
  if (!constant) return {};
  json::Value object = json::Value::object();
  for (size_t i = 0; i < node.children.size(); i += 2) {
    object.set_key(node.children[i]->value, node.children[i + 1]->value);
  }
  become(node, std::move(object));
  return {};
}

Status check_division(const Node& node) {
  if (node.op != Operator::kDivide && node.op != Operator::kModulo) return {};
  if (!is_literal(node.children[0]) || !is_literal(node.children[1])) return {};
  const json::Value& divisor = node.children[1]->value;
  if (!node.children[0]->value.is_number() || !divisor.is_number()) return {};
  return divisor.as_double() == 0 ? Status::invalid("Division by zero?") : Status();
}

}  // namespace

Status fold(Node& node) {
  switch (node.kind) {
    case NodeKind::kNegate:
      fold_negate(node);
      return {};
    case NodeKind::kArray:
      fold_array(node);
      return {};
    case NodeKind::kObject:
      return fold_object(node);
    case NodeKind::kBinary:
      return check_division(node);
    default:
      return {};
  }
}

}  // namespace penstock::jq
