// A parsed text and the index of what is where in it. Values are slices of it.
//
// The children of a container lie side by side, so an element is found by its position and a search
// for a key runs through one piece of memory; object members are pairs of items.
//
// Lifecycle: made by the parser, then shared by the values cut from it. Single thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "executor/json/key_index.h"
#include "executor/json/value.h"

namespace penstock::json {

/// One value or key of the text.
struct Item {
  enum Type : uint32_t { kNull, kFalse, kTrue, kNumber, kString, kEscaped, kArray, kObject };
  uint32_t begin;       ///< in the text; kEscaped: in Document::unescaped
  uint32_t length;      ///< of the bytes from there; strings without their quotes
  uint32_t first;       ///< container: its first child
  uint32_t count : 28;  ///< container: elements or members
  uint32_t type : 4;
};
static_assert(sizeof(Item) == 16);

class Document : public detail::Counted {
 public:
  Document() = default;
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  std::string_view slice(const Item& item) const;
  /// A value for item `at`, sharing this document.
  Value value(uint32_t at);
  /// The whole of it.
  Value root() { return value(root_item); }
  /// Members with keys that came twice are folded, once; call before counting or listing.
  const Item& object(uint32_t at);
  std::optional<uint32_t> find(uint32_t at, std::string_view key);
  /// The subtree may be written as the very bytes it came with.
  bool verbatim(uint32_t at);
  void meter_now();

  std::unique_ptr<char[]> text;
  size_t text_bytes = 0;
  std::vector<Item> items;
  std::string unescaped;  ///< strings that had escapes, without them
  uint32_t root_item = 0;
  uint32_t depth = 0;
  bool canonical = false;  ///< no spaces and no escapes: slices are what we would write

 private:
  std::optional<uint32_t> find_indexed(uint32_t at, std::string_view key);
  bool plainly_unique(uint32_t at) const;
  void fold(uint32_t at);

  std::vector<bool> unique_;  ///< objects known to have no key twice
  bool all_unique_ = false;
  bool folded_ = false;
  std::unordered_map<uint32_t, KeyIndex> indexes_;
  size_t metered_ = 0;
};

}  // namespace penstock::json
