// Lets a text out in pieces: the first at once, and each one that comes piece_ms after the last;
// only what comes faster than that is gathered. What may be the beginning of a secret stays until
// more of the text says whether it is. Pure, single owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/tasks/call.h"

namespace penstock::executor {

class PieceGate {
 public:
  /// How many bytes at the end of a text must wait for what comes behind them.
  using Unsure = std::function<size_t(std::string_view)>;
  void hold_back(Unsure unsure) { unsure_ = std::move(unsure); }

  /// What may go out now is appended to `out`.
  void add(std::vector<CallPiece> pieces, uint64_t now_ms, std::vector<CallPiece>& out);
  /// There will be no more, or something else comes behind it.
  void flush(uint64_t now_ms, std::vector<CallPiece>& out);
  /// When to add() again at the latest, be it nothing; nullopt: only more text lets it go on.
  std::optional<uint64_t> due_ms() const;

 private:
  void let_out(std::string_view text, uint64_t now_ms, std::vector<CallPiece>& out);

  Unsure unsure_;
  std::string text_;
  size_t held_ = 0;  // of its end, by unsure_
  uint64_t last_ms_ = 0;
};

}  // namespace penstock::executor
