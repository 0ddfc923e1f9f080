// Rows under headings, columns aligned by display width. Pure, any thread.
//
// Limitations: on a terminal the last column is cut to its width; in a pipe nothing is cut.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/console.h"

namespace penstock::gateway {

struct Cell {
  Cell(std::string t, Colour c = Colour::kNone) : text(std::move(t)), colour(c) {}
  Cell(const char* t) : text(t) {}
  std::string text;
  Colour colour = Colour::kNone;
};

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  /// The whole table. Without rows only the headings; without headings only the rows.
  std::string text(const Console& console) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

/// How many columns a terminal needs for UTF-8 text (every code point counts one).
size_t display_width(std::string_view text);
/// The text without control characters, so that what a sender chose cannot drive the terminal.
/// `lines`: line ends stay.
std::string harmless(std::string_view text, bool lines = false);

}  // namespace penstock::gateway
