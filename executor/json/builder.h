// Builds a Document from the places where its tokens start: checks the grammar, the tokens and the
// depth, and lays the children of each container side by side.
//
// Lifecycle: reused from text to text; the buffers stay. Single thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "executor/json/document.h"
#include "proto/status.h"

namespace penstock::json {

class Builder {
 public:
  /// Fills `document`, whose text is set and has readable bytes that are no JSON behind it.
  /// `starts` holds `count` token starts and then the text's length.
  Status build(Document& document, const uint32_t* starts, size_t count);

 private:
  struct Open {
    uint32_t begin;  ///< in the text
    Item* first;     ///< its first child in pending_
    char closer;
  };

  /// Where the work stands, copied into run()'s own so that it stays in registers.
  struct Cursor {
    const uint32_t* at;  ///< the token
    Item* pending;       ///< one behind the last value whose container is open
    uint32_t gaps;       ///< not 0: there is space between tokens
  };

  // Each returns false when the text is wrong; status_ then says how. A Status from each would cost
  // more than the work does.
  bool run();
  bool scalar(Cursor& cursor);
  bool next_value(Cursor& cursor);
  bool open(Cursor& cursor, char closer);
  void close(Cursor& cursor);
  bool key(Cursor& cursor);
  bool string(Cursor& cursor);
  bool escaped(Cursor& cursor, std::string_view inside);
  bool number(Cursor& cursor);
  bool atom(Cursor& cursor, std::string_view word, Item::Type type);
  bool fail(const Cursor& cursor, const char* what);
  char token(const Cursor& cursor) const { return text_[*cursor.at]; }
  std::string_view token_text(Cursor& cursor) const;

  Status status_;
  Document* document_ = nullptr;
  const char* text_ = nullptr;
  const uint32_t* starts_ = nullptr;
  const uint32_t* end_ = nullptr;
  bool escapes_ = false;
  std::vector<Open> open_;
  std::vector<Item> pending_;  ///< values whose containers are still open
};

}  // namespace penstock::json
