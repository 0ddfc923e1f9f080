// A text that is told piece by piece and may have to be told again: after a crash, or when the
// connection broke. Told the same it stays silent until it is past what readers have; told
// otherwise it says that the old text is void and begins anew. Pure, single owner.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/tasks/call.h"

namespace penstock::executor {

class Retelling {
 public:
  /// `told`: what readers have already. `void_data`: what a `restart` piece carries.
  Retelling(std::string told, std::string void_data)
      : told_(std::move(told)), void_data_(std::move(void_data)) {}

  /// The text is told from its beginning.
  void begin() { at_ = 0; }
  /// More of the text.
  void add(std::string_view text, std::vector<CallPiece>& out);
  /// The text is over; readers may have more of an old one.
  void end(std::vector<CallPiece>& out);
  /// There will be no text: what readers have of it is void.
  void withdraw(std::vector<CallPiece>& out);

 private:
  void restart(std::string text, std::vector<CallPiece>& out);

  std::string told_;
  std::string void_data_;
  size_t at_ = 0;  // so much of told_ is told in this attempt
};

}  // namespace penstock::executor
