#include "proto/frame.h"

#include <google/protobuf/message_lite.h>

#include "proto/limits.h"

namespace penstock {

static constexpr size_t kLengthBytes = 4;

void append_frame(const google::protobuf::MessageLite& message, std::string& out) {
  const size_t size = message.ByteSizeLong(), at = out.size();
  out.resize(at + kLengthBytes + size);
  for (size_t i = 0; i < kLengthBytes; i++) out[at + i] = static_cast<char>(size >> (8 * i));
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(out.data()) + at +
                                          kLengthBytes);
}

Result<std::optional<std::string_view>> FrameReader::next() {
  const size_t have = buffer_.size() - taken_;
  size_t size = 0;
  if (have >= kLengthBytes) {
    for (size_t i = 0; i < kLengthBytes; i++)
      size |= static_cast<size_t>(static_cast<uint8_t>(buffer_[taken_ + i])) << (8 * i);
    if (size > limits::frame_bytes_max) return Status::corrupt("worker frame too long");
    if (have >= kLengthBytes + size) {
      const std::string_view frame(buffer_.data() + taken_ + kLengthBytes, size);
      taken_ += kLengthBytes + size;
      return std::optional(frame);
    }
  }
  buffer_.erase(0, taken_);  // once per batch of frames, and what is left is a partial one
  taken_ = 0;
  return std::optional<std::string_view>();
}

}  // namespace penstock
