#include "executor/json/node.h"

#include "executor/json/meter.h"

namespace penstock::json {
namespace {

void settle(size_t& metered, size_t now) {
  detail::meter(static_cast<int64_t>(now) - static_cast<int64_t>(metered));
  metered = now;
}

}  // namespace

uint32_t ObjectNode::find(std::string_view key) {
  const auto key_at = [this](uint32_t position) { return entries[position].key.as_string(); };
  if (entries.size() >= KeyIndex::worth_it) {
    if (!index || index->crowded()) {
      index = std::make_unique<KeyIndex>(entries.size());
      for (uint32_t i = 0; i < entries.size(); i++) index->put(key_at(i), i, key_at);
      remeter(*this);
    }
    return index->find(key, key_at);
  }
  for (uint32_t i = 0; i < entries.size(); i++)
    if (key_at(i) == key) return i;
  return KeyIndex::none;
}

void ObjectNode::append(Value key, Value value) {
  const auto key_at = [this](uint32_t position) { return entries[position].key.as_string(); };
  entries.push_back({std::move(key), std::move(value)});
  const uint32_t position = static_cast<uint32_t>(entries.size() - 1);
  if (index) index->put(key_at(position), position, key_at);
}

void ObjectNode::erase(uint32_t position) {
  entries.erase(entries.begin() + position);
  index.reset();
}

void remeter(TextNode& node) {
  settle(node.metered, sizeof(node) + node.text.capacity());
}

void remeter(ArrayNode& node) {
  settle(node.metered, sizeof(node) + node.items.capacity() * sizeof(Value));
}

void remeter(ObjectNode& node) {
  settle(node.metered, sizeof(node) + node.entries.capacity() * sizeof(Entry) +
                           (node.index ? node.index->bytes() : 0));
}

}  // namespace penstock::json
