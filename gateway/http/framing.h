// What decides where a request's body ends: Content-Length and Transfer-Encoding, read so that no
// two readings are possible (RFC 9112, section 6). Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/http/refusal.h"

namespace penstock::gateway {

class Framing {
 public:
  /// Takes the value of a Content-Length field; the second one is refused.
  Check add_content_length(std::string_view value);
  /// Takes the value of a Transfer-Encoding field; only "chunked" passes.
  Check add_transfer_encoding(std::string_view value);
  /// To be called behind the last field: combinations that are smuggled with.
  Check finish(bool http_1_0) const;

  std::optional<uint64_t> content_length() const { return content_length_; }
  bool chunked() const { return chunked_; }

 private:
  std::optional<uint64_t> content_length_;
  bool chunked_ = false;
};

}  // namespace penstock::gateway
