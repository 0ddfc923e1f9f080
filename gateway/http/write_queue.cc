#include "gateway/http/write_queue.h"

#include <algorithm>

namespace penstock::gateway {

static constexpr size_t kPieceBytes = 16 * 1024;  // beyond it a copy costs more than a buffer
static constexpr size_t kFirstBytes = 512;        // most answers fit, with their head

void WriteQueue::append(std::string_view bytes) {
  if (bytes.empty()) return;
  const bool fits = !pieces_.empty() && pieces_.back().size() + bytes.size() <= kPieceBytes;
  if (!fits) {
    pieces_.emplace_back();
    pieces_.back().reserve(std::max(bytes.size(), kFirstBytes));
  }
  pieces_.back().append(bytes);
  bytes_ += bytes.size();
}

void WriteQueue::append(std::string&& bytes) {
  if (bytes.size() < kPieceBytes / 4) return append(std::string_view(bytes));
  bytes_ += bytes.size();
  pieces_.push_back(std::move(bytes));
}

size_t WriteQueue::buffers(uv_buf_t* out, size_t max) const {
  const size_t count = std::min(pieces(), max);
  for (size_t i = 0; i < count; i++) {
    const std::string& piece = pieces_[first_ + i];
    const size_t skip = i == 0 ? sent_ : 0;
    // libuv only reads what it writes; its buffer type has no const.
    out[i] = uv_buf_init(const_cast<char*>(piece.data()) + skip,
                         static_cast<unsigned>(piece.size() - skip));
  }
  return count;
}

void WriteQueue::consume(size_t bytes) {
  bytes_ -= bytes;
  sent_ += bytes;
  while (first_ < pieces_.size() && sent_ >= pieces_[first_].size()) {
    sent_ -= pieces_[first_].size();
    pieces_[first_++] = std::string();
  }
  if (bytes_ > 0) return;
  std::vector<std::string>().swap(pieces_);
  first_ = sent_ = 0;
}

}  // namespace penstock::gateway
