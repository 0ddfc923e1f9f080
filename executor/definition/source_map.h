// Where each value of a definition stands in its text: JSON pointer → line and column.
// Filled once in document order by TreeBuilder, read-only afterwards; one owner, any thread reads.
// Limitations: what an alias brought in has the alias's own place; a lookup is linear in the
// siblings passed, which is fine for reporting and not for running.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::definition {

/// A place in a text, both from 1 (columns count bytes); 0 unknown.
struct Position {
  uint32_t line = 0;
  uint32_t column = 0;
  auto operator<=>(const Position&) const = default;
};

class SourceMap {
 public:
  /// Starts the node of a value; `key` is its member name, "" for array items and the root.
  void open(std::string key, Position key_at, Position value_at);
  /// Ends the node opened last.
  void close();

  /// Where the value at `pointer` starts, or the nearest value around it.
  Position value_at(std::string_view pointer) const;
  /// Where the member name of `pointer` stands; the value's place for array items and the root.
  Position key_at(std::string_view pointer) const;

 private:
  struct Node {
    std::string key;
    Position key_at, value_at;
    uint32_t end = 0;  ///< index behind the node's last descendant
  };
  size_t child(size_t parent, std::string_view token) const;
  size_t locate(std::string_view pointer) const;

  std::vector<Node> nodes_;  ///< preorder
  std::vector<uint32_t> open_;
};

/// A pointer's next step: `pointer` with `key` appended, escaped as RFC 6901 wants.
std::string child_pointer(std::string_view pointer, std::string_view key);
std::string child_pointer(std::string_view pointer, size_t index);

}  // namespace penstock::definition
