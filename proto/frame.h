// The framing of the worker protocol: 4 bytes of length, little endian, then the message.
// Pure; one thread per reader.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace google::protobuf { class MessageLite; }

namespace penstock {

/// Appends the framed message to `out`.
void append_frame(const google::protobuf::MessageLite& message, std::string& out);

/// Cuts a byte stream into frames.
class FrameReader {
 public:
  /// Bytes as they came from the socket.
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The next whole frame, nullopt when more bytes are needed, a fault when the stream is broken
  /// (length over limits::frame_bytes_max). The view holds until the next feed() or next().
  Result<std::optional<std::string_view>> next();

 private:
  std::string buffer_;
  size_t taken_ = 0;
};

}  // namespace penstock
