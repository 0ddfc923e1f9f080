// Turns the events of a reader (YAML or JSON) into compact JSON text and a source map, and holds
// every bound: depth, nodes, aliases, keys that come twice. Pure; one per load, one thread.
// The readers stop at the first event that is not taken.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "executor/definition/source_map.h"
#include "proto/status.h"

namespace penstock::definition {

class TextBuilder {
 public:
  /// A reader's number for an anchor; 0 none.
  using Anchor = size_t;

  /// A value whose JSON spelling is `text`.
  Status scalar(Position at, Anchor anchor, std::string_view text);
  /// A string value, or the next member's name where an object waits for one.
  Status string(Position at, Anchor anchor, std::string_view text);
  Status begin_object(Position at, Anchor anchor) { return begin(at, anchor, true); }
  Status begin_array(Position at, Anchor anchor) { return begin(at, anchor, false); }
  Status end();
  /// The value of an anchor met before, once more.
  Status alias(Position at, Anchor anchor);

  /// Whether the next scalar is a member's name.
  bool wants_key() const { return !open_.empty() && open_.back().object && !open_.back().has_key; }
  /// Whether one whole value has come.
  bool complete() const { return open_.empty() && nodes_ > 0; }
  const std::string& text() const { return text_; }
  SourceMap take_map() { return std::move(map_); }

 private:
  struct Extent {
    size_t begin = 0, end = 0;  ///< in text_; `end` 0 while it is still open
    size_t nodes = 0;
    size_t height = 0;
  };
  struct Frame {
    bool object = false;
    bool empty = true;
    bool has_key = false;
    Anchor anchor = 0;
    size_t begin = 0;
    size_t nodes_before = 0;
    size_t height = 1;
    std::string key;
    Position key_at;
    std::unordered_set<std::string> keys;
  };
  Status begin(Position at, Anchor anchor, bool object);
  Status take_key(Position at, std::string_view key);
  Status open_value(Position at, size_t nodes, size_t height);
  void close_value(size_t height);

  std::string text_;
  SourceMap map_;
  std::vector<Frame> open_;
  std::unordered_map<Anchor, Extent> anchors_;
  size_t nodes_ = 0;
};

/// `text` as a JSON string, quotes included.
void append_json_string(std::string_view text, std::string& out);

}  // namespace penstock::definition
