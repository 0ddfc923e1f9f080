// Lets a text out in pieces: the first at once, and each one that comes piece_ms after the last;
// only what comes faster than that is gathered. Pure, single owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/tasks/call.h"

namespace penstock::executor {

class PieceGate {
 public:
  /// What may go out now is appended to `out`.
  void add(std::vector<CallPiece> pieces, uint64_t now_ms, std::vector<CallPiece>& out);
  /// Its time has come, or there will be no more.
  void flush(uint64_t now_ms, std::vector<CallPiece>& out);
  /// When to flush at the latest; nullopt: nothing is held.
  std::optional<uint64_t> due_ms() const;

 private:
  std::string text_;
  uint64_t last_ms_ = 0;
};

}  // namespace penstock::executor
