// A value of a definition together with the way to it from the root, as the rules walk it.
// Lives on the stack of the walk: a node must not outlive its parent. One thread.
#pragma once

#include <string>
#include <string_view>

#include "executor/json/value.h"

namespace penstock::lint {

class Node {
 public:
  explicit Node(json::Value root) : value_(std::move(root)) {}
  Node(const Node& parent, std::string_view key, json::Value value)
      : value_(std::move(value)), parent_(&parent), key_(key) {}
  Node(const Node& parent, size_t index, json::Value value)
      : value_(std::move(value)), parent_(&parent), index_(index), item_(true) {}

  const json::Value& value() const { return value_; }
  const Node* parent() const { return parent_; }
  /// The member name; for an item, that of the array it is in.
  std::string_view name() const;
  /// The JSON pointer from the root.
  std::string pointer() const;

 private:
  json::Value value_;
  const Node* parent_ = nullptr;
  std::string_view key_;
  size_t index_ = 0;
  bool item_ = false;
};

}  // namespace penstock::lint
