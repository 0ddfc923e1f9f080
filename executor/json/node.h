// What values share: reference-counted nodes on the heap. Only value.cc and its neighbours in this
// folder touch them; everybody else sees Value.
//
// Lifecycle: made with one reference, freed with the last. Single thread: the count is plain.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "executor/json/key_index.h"
#include "executor/json/value.h"

namespace penstock::json {

/// A string, or the exact text of a number.
struct TextNode : detail::Counted {
  explicit TextNode(std::string text_) : text(std::move(text_)) {}
  std::string text;
  size_t metered = 0;
};

/// An array that was built. `depth` and `weight` are upper bounds once elements were replaced.
struct ArrayNode : detail::Counted {
  std::vector<Value> items;
  uint32_t depth = 1;
  uint64_t weight = 2;
  size_t metered = 0;
};

struct Entry {
  Value key;  ///< always a string
  Value value;
};

/// An object that was built, in the order of insertion.
struct ObjectNode : detail::Counted {
  std::vector<Entry> entries;
  std::unique_ptr<KeyIndex> index;  ///< from KeyIndex::worth_it entries on, made on first search
  uint32_t depth = 1;
  uint64_t weight = 2;
  size_t metered = 0;

  /// The position of `key`, or KeyIndex::none.
  uint32_t find(std::string_view key);
  /// Appends a key that is not there yet.
  void append(Value key, Value value);
  /// Takes an entry out, keeping the order of the others.
  void erase(uint32_t position);
};

/// Tells the thread's meter how much a node holds now.
void remeter(TextNode& node);
void remeter(ArrayNode& node);
void remeter(ObjectNode& node);

}  // namespace penstock::json
