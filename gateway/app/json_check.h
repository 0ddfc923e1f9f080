// Is this body JSON, in full? RFC 8259, UTF-8, at most limits::json_depth_max deep.
//
// Pure. simdjson decides in nearly every case; it refuses numbers that do not fit 64 bits or a
// double, though they are JSON, so those bodies get a second look by a validator of our own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proto/body.h"

namespace penstock::gateway {

/// Keeps the parser's buffers between bodies. Loop thread only.
class JsonCheck {
 public:
  JsonCheck();
  ~JsonCheck();
  /// nullopt: valid; otherwise a sentence that says what is wrong. Behind the text
  /// Body::padding_bytes more must be readable: it is a body's, or a part of one.
  std::optional<std::string> refuse(std::string_view text);
  std::optional<std::string> refuse(const Body& body) { return refuse(body.view()); }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// Our own strict check of structure, strings' escapes and numbers; the encoding is the caller's.
/// Returns the byte offset of the first fault; nullopt: valid.
std::optional<size_t> find_json_fault(std::string_view text, size_t depth_max);

}  // namespace penstock::gateway
