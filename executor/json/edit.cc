// The updating half of Value: copy on write, in place for the only holder.
#include <algorithm>

#include "executor/json/document.h"
#include "executor/json/meter.h"
#include "executor/json/node.h"

namespace penstock::json {
namespace {

// Accounts for a child in its container's bounds.
template <class Node>
void adopt(Node& node, const Value& child) {
  node.depth = std::max(node.depth, child.depth() + 1);
  node.weight += child.weight() + 1;
}

template <class Node>
void disown(Node& node, const Value& child) {
  const uint64_t weight = child.weight() + 1;
  node.weight = node.weight > weight + 2 ? node.weight - weight : 2;
}

void put(ObjectNode& node, uint32_t at, Value value) {
  disown(node, node.entries[at].value);
  adopt(node, value);
  node.entries[at].value = std::move(value);
}

void add(ObjectNode& node, Value key, Value value) {
  node.weight += key.weight() + 1;
  adopt(node, value);
  const size_t before = node.entries.capacity();
  node.append(std::move(key), std::move(value));
  if (node.entries.capacity() != before) remeter(node);
}

}  // namespace

void Value::own_array() {
  if (rep_ == Rep::kArray && sole()) return;
  Value copy = array();
  auto& node = *static_cast<ArrayNode*>(copy.bits_.node);
  const size_t count = size();
  node.items.reserve(count + 1);
  for (size_t i = 0; i < count; i++) node.items.push_back(at(i));
  node.depth = std::max(1u, depth());
  node.weight = weight();
  remeter(node);
  swap(copy);
}

void Value::own_object() {
  if (rep_ == Rep::kObject && sole()) return;
  Value copy = object();
  auto& node = *static_cast<ObjectNode*>(copy.bits_.node);
  const size_t count = size();
  node.entries.reserve(count + 1);
  for (size_t i = 0; i < count; i++) {
    Member one = member(i);
    node.entries.push_back({std::move(one.key), std::move(one.value)});
  }
  node.depth = std::max(1u, depth());
  node.weight = weight();
  remeter(node);
  swap(copy);
}

void Value::reserve(size_t elements) {
  if (!is_array()) return;
  own_array();
  auto& node = *static_cast<ArrayNode*>(bits_.node);
  node.items.reserve(elements);
  remeter(node);
}

void Value::push_back(Value element) {
  if (!is_array()) return;
  own_array();
  auto& node = *static_cast<ArrayNode*>(bits_.node);
  adopt(node, element);
  const bool grows = node.items.size() == node.items.capacity();
  node.items.push_back(std::move(element));
  if (grows) remeter(node);
}

void Value::set_at(size_t index, Value element) {
  if (!is_array()) return;
  own_array();
  auto& node = *static_cast<ArrayNode*>(bits_.node);
  if (index >= node.items.size()) {
    node.weight += (index + 1 - node.items.size()) * 5;
    // Growing by one again and again must not copy everything each time.
    if (index >= node.items.capacity()) {
      node.items.reserve(std::max(index + 1, node.items.capacity() * 2));
    }
    node.items.resize(index + 1);
    remeter(node);
  }
  disown(node, node.items[index]);
  adopt(node, element);
  node.items[index] = std::move(element);
}

Value Value::take_at(size_t index) {
  if (!is_array() || index >= size()) return {};
  own_array();
  auto& node = *static_cast<ArrayNode*>(bits_.node);
  Value taken;
  taken.swap(node.items[index]);
  disown(node, taken);
  return taken;
}

Value Value::take(std::string_view key) {
  const bool in_place = rep_ == Rep::kObject && sole();
  if (!is_object() || (!in_place && !find(key))) return {};
  own_object();
  auto& node = *static_cast<ObjectNode*>(bits_.node);
  const uint32_t at = node.find(key);
  if (at == KeyIndex::none) return {};
  Value taken;
  taken.swap(node.entries[at].value);
  disown(node, taken);
  return taken;
}

void Value::erase_range(size_t begin, size_t end) {
  if (!is_array() || begin >= end || begin >= size()) return;
  own_array();
  auto& node = *static_cast<ArrayNode*>(bits_.node);
  end = std::min(end, node.items.size());
  for (size_t i = begin; i < end; i++) disown(node, node.items[i]);
  const auto from = node.items.begin();
  node.items.erase(from + static_cast<ptrdiff_t>(begin), from + static_cast<ptrdiff_t>(end));
}

void Value::set(std::string_view key, Value value) {
  if (!is_object()) return;
  own_object();
  auto& node = *static_cast<ObjectNode*>(bits_.node);
  const uint32_t at = node.find(key);
  if (at != KeyIndex::none) return put(node, at, std::move(value));
  add(node, string(std::string(key)), std::move(value));
}

void Value::set_key(const Value& key, Value value) {
  if (!is_object() || !key.is_string()) return;
  own_object();
  auto& node = *static_cast<ObjectNode*>(bits_.node);
  const uint32_t at = node.find(key.as_string());
  if (at != KeyIndex::none) return put(node, at, std::move(value));
  add(node, key, std::move(value));
}

void Value::erase(std::string_view key) {
  if (!is_object() || !find(key)) return;
  own_object();
  auto& node = *static_cast<ObjectNode*>(bits_.node);
  const uint32_t at = node.find(key);
  disown(node, node.entries[at].value);
  node.erase(at);
}

void Value::append(std::string_view text) {
  if (!is_string()) return;
  if (rep_ != Rep::kString || !sole()) {
    std::string joined;
    joined.reserve(as_string().size() + text.size());
    joined.append(as_string()).append(text);
    *this = string(std::move(joined));
    return;
  }
  auto& node = *static_cast<TextNode*>(bits_.node);
  const size_t before = node.text.capacity();
  node.text.append(text);
  if (node.text.capacity() != before) remeter(node);
}

}  // namespace penstock::json
