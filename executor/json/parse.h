// JSON text into values. The whole text is checked (RFC 8259, UTF-8, depth and size bounds) before
// a value comes out; simdjson finds the structure, the rest is built here so that numbers keep
// their text. Half a surrogate pair becomes U+FFFD, a byte order mark at the front is skipped.
//
// Thread: one. Limitations: one value a text; the text is copied once.
#pragma once

#include <memory>
#include <string_view>

#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::json {

/// Parses one JSON text. Fault kInvalid names the byte and what is wrong there; kFull a bound.
Result<Value> parse(std::string_view text);

/// The same, keeping its tables for the next text: for those who parse often.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  Result<Value> parse(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace penstock::json
