// Builds a Document from the places where its tokens start: checks the grammar, the tokens and the
// depth, and lays the children of each container side by side.
//
// Lifecycle: reused from text to text; the buffers stay. Single thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "executor/json/document.h"
#include "proto/status.h"

namespace penstock::json {

class Builder {
 public:
  /// Fills `document`, whose text is set. `starts` holds `count` token starts and then the length.
  Status build(Document& document, const uint32_t* starts, size_t count);

 private:
  struct Open {
    uint32_t begin;      ///< in the text
    uint32_t children;   ///< in pending_
    bool object;
  };

  Status step();
  Status value();
  Status after_value();
  Status key();
  Status open(bool object);
  Status close(char bracket);
  Status string();
  Status number();
  Status atom(std::string_view word, Item::Type type);
  Status fail(const char* what) const;
  char token() const { return at_ < count_ ? text_[starts_[at_]] : '\0'; }
  std::string_view token_text();
  void add(Item::Type type, uint32_t begin, size_t length);

  Document* document_ = nullptr;
  const char* text_ = nullptr;
  const uint32_t* starts_ = nullptr;
  size_t count_ = 0;
  size_t at_ = 0;
  bool escapes_ = false;
  bool spaces_ = false;
  std::vector<Open> open_;
  std::vector<Item> pending_;
};

}  // namespace penstock::json
