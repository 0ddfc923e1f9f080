// Where a command's words go: answers to stdout, all else to stderr, colour only on a terminal.
// One thread; built by main.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::gateway {

enum class Colour : uint8_t { kNone, kBold, kDim, kRed, kGreen, kYellow, kBlue };

class Console {
 public:
  /// Looks at the terminal, NO_COLOR and TERM.
  Console();
  /// For tests: no terminal, no colour.
  struct Plain {};
  explicit Console(Plain) {}

  bool colours_out() const { return colours_out_; }
  /// The terminal's columns; 0 when stdout is no terminal.
  unsigned columns() const { return columns_; }
  /// `text` in that colour, where colours are shown on stdout.
  std::string paint(Colour colour, std::string_view text) const;

  /// Writes to stdout as it is; false when nobody reads any more.
  bool print(std::string_view text) const;
  /// A sentence to stderr behind "penstock: ".
  void fail(std::string_view sentence) const;
  /// A line to stderr.
  void note(std::string_view line) const;

 private:
  bool colours_out_ = false;
  bool colours_err_ = false;
  unsigned columns_ = 0;
};

/// The colour of a run's status word.
Colour status_colour(std::string_view status);

}  // namespace penstock::gateway
