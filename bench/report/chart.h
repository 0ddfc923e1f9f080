// A line chart as inline SVG: axes with round ticks, a legend, a title for screen readers. Pure.
#pragma once

#include <string>
#include <vector>

namespace penstock::bench {

struct Point {
  double x, y;
};

struct Series {
  std::string name;
  std::vector<Point> points;
};

struct Chart {
  std::string title;
  std::string x_label, y_label;
  bool log_x = false, log_y = false;
  std::vector<Series> series;
  /// Ticks of the x axis with words of their own; empty: round numbers.
  std::vector<std::pair<double, std::string>> x_ticks;
};

std::string to_svg(const Chart& chart);
/// Text safe inside HTML and SVG.
std::string escape_html(std::string_view text);

}  // namespace penstock::bench
