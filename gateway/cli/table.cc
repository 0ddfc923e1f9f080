#include "gateway/cli/table.h"

#include <algorithm>

namespace penstock::gateway {

size_t display_width(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string harmless(std::string_view text, bool lines) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 =
        c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    const bool control = (c < 0x20 && !(lines && c == '\n')) || c == 0x7F || c1;
    out += control ? '?' : text[i];
  }
  return out;
}

/// The first `columns` code points.
static std::string cut(const std::string& text, size_t columns) {
  if (display_width(text) <= columns || columns < 2) return text;
  size_t seen = 0, i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && seen++ == columns - 1) break;
  }
  return text.substr(0, i) + "…";
}

static std::vector<size_t> widths_of(const std::vector<std::string>& headings,
                                     const std::vector<std::vector<Cell>>& rows) {
  std::vector<size_t> widths(headings.size());
  for (size_t i = 0; i < headings.size(); ++i) widths[i] = display_width(headings[i]);
  for (const auto& row : rows) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(harmless(row[i].text)));
    }
  }
  return widths;
}

static void write_row(const std::vector<Cell>& row, const std::vector<size_t>& widths,
                      const Console& console, std::string& out) {
  size_t used = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const bool last = i + 1 == row.size();
    std::string text = harmless(row[i].text);
    if (last && console.columns() > used + 8) text = cut(text, console.columns() - used);
    const size_t width = display_width(text);
    out += console.paint(row[i].colour, text);
    if (!last) out.append(widths[i] - width + 2, ' ');
    used += widths[i] + 2;
  }
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

std::string Table::text(const Console& console) const {
  const std::vector<size_t> widths = widths_of(headings_, rows_);
  std::string out;
  std::vector<Cell> head;
  for (const std::string& heading : headings_) head.emplace_back(heading, Colour::kBold);
  if (!head.empty()) write_row(head, widths, console, out);
  for (const auto& row : rows_) write_row(row, widths, console, out);
  return out;
}

}  // namespace penstock::gateway
