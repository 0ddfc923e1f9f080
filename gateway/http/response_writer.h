// Composes response heads: no formatting library, the Date field made once a second.
// One a loop, loop thread, no I/O but the clock.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "gateway/http/exchange.h"

namespace penstock::gateway {

/// How the client learns where the body ends.
enum class BodyEnd : uint8_t { kLength, kChunked, kClose };

class ResponseWriter {
 public:
  /// Appends the head of `response`, empty line included.
  void append_head(std::string& out, const Response& response, BodyEnd end, bool close);

 private:
  std::string_view date_line();

  std::time_t date_s_ = 0;
  std::string date_line_;
};

/// Whether an answer with that status has no body at all (RFC 9110, 6.4.1).
inline bool bodiless(uint16_t status) {
  return status < 200 || status == 204 || status == 304;
}

/// Appends `bytes` as one chunk; nothing for "", which would end the body.
void append_chunk(std::string& out, std::string_view bytes);

inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace penstock::gateway
