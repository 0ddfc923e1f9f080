#include "executor/tasks/piece_gate.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::executor {

static constexpr size_t kPartBytesMax = 256 * 1024;  // a text told anew goes in parts

void PieceGate::add(std::vector<CallPiece> pieces, uint64_t now_ms, std::vector<CallPiece>& out) {
  for (CallPiece& piece : pieces) {
    if (piece.type == "delta") {
      text_ += piece.data;
      continue;
    }
    flush(now_ms, out);
    out.push_back(std::move(piece));
  }
  const bool rested = now_ms >= last_ms_ + limits::piece_ms || now_ms < last_ms_;
  if (!rested && text_.size() < limits::piece_bytes) return;
  held_ = unsure_ ? std::min(unsure_(text_), text_.size()) : 0;
  const size_t sure = text_.size() - held_;
  let_out(std::string_view(text_).substr(0, sure), now_ms, out);
  text_.erase(0, sure);
  text_.shrink_to_fit();
}

void PieceGate::flush(uint64_t now_ms, std::vector<CallPiece>& out) {
  let_out(text_, now_ms, out);
  text_.clear();
  text_.shrink_to_fit();
  held_ = 0;
}

void PieceGate::let_out(std::string_view rest, uint64_t now_ms, std::vector<CallPiece>& out) {
  while (!rest.empty()) {
    size_t size = std::min(rest.size(), kPartBytesMax);
    while (size < rest.size() && (static_cast<uint8_t>(rest[size]) & 0xc0) == 0x80) size--;
    out.push_back({"delta", std::string(rest.substr(0, size))});
    rest.remove_prefix(size);
    last_ms_ = now_ms;
  }
}

std::optional<uint64_t> PieceGate::due_ms() const {
  if (text_.size() == held_) return std::nullopt;
  return last_ms_ + limits::piece_ms;
}

}  // namespace penstock::executor
