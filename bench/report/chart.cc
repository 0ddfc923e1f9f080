#include "bench/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace penstock::bench {

static constexpr double kWidth = 760, kHeight = 300, kLeft = 64, kRight = 16, kTop = 16,
                        kBottom = 56;

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace {

/// Maps values of one axis to 0…1.
struct Axis {
  double low = 0, high = 1;
  bool log = false;

  double at(double value) const {
    if (log) return std::log(std::max(value, low) / low) / std::log(high / low);
    return (value - low) / (high - low);
  }
  std::vector<double> ticks() const;
};

/// 1, 2 or 5 times a power of ten, so that about five fit.
double round_step(double span) {
  const double raw = span / 5, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 5.0})
    if (raw <= m * power) return m * power;
  return 10 * power;
}

std::vector<double> Axis::ticks() const {
  std::vector<double> out;
  if (log) {
    for (double t = low; t <= high * 1.0001; t *= 10) out.push_back(t);
    return out;
  }
  const double step = round_step(high - low);
  for (double t = std::ceil(low / step) * step; t <= high + step * 0.001; t += step)
    out.push_back(t);
  return out;
}

std::string number(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:.4g}", std::abs(value) < 1e-12 ? 0 : value);
}

}  // namespace

static Axis fit(const Chart& chart, double Point::*of, bool log) {
  double low = INFINITY, high = -INFINITY;
  for (const Series& series : chart.series) {
    for (const Point& point : series.points) {
      if (log && point.*of <= 0) continue;
      low = std::min(low, point.*of);
      high = std::max(high, point.*of);
    }
  }
  if (!(low <= high)) return Axis{log ? 0.1 : 0.0, 1, log};
  if (!log) return Axis{std::min(0.0, low), high > 0 ? high * 1.05 : 1, false};
  return Axis{std::pow(10, std::floor(std::log10(low))),
              std::pow(10, std::max(std::ceil(std::log10(high)), std::floor(std::log10(low)) + 1)),
              true};
}

static double px(const Axis& axis, double x) {
  return kLeft + axis.at(x) * (kWidth - kLeft - kRight);
}
static double py(const Axis& axis, double y) {
  return kHeight - kBottom - axis.at(y) * (kHeight - kTop - kBottom);
}

static void add_axes(const Chart& chart, const Axis& x, const Axis& y, std::string& out) {
  const auto sink = std::back_inserter(out);
  for (const double tick : y.ticks())
    fmt::format_to(sink,
                   "<line class=grid x1={0} x2={1} y1={2:.1f} y2={2:.1f} /><text class=y x={3} "
                   "y={4:.1f}>{5}</text>\n",
                   kLeft, kWidth - kRight, py(y, tick), kLeft - 6, py(y, tick) + 4, number(tick));
  auto ticks = chart.x_ticks;
  if (ticks.empty())
    for (const double tick : x.ticks()) ticks.emplace_back(tick, number(tick));
  for (const auto& [at, word] : ticks)
    fmt::format_to(sink,
                   "<line class=grid x1={0:.1f} x2={0:.1f} y1={1} y2={2} /><text class=x x={0:.1f} "
                   "y={3}>{4}</text>\n",
                   px(x, at), kTop, kHeight - kBottom, kHeight - kBottom + 16, escape_html(word));
  fmt::format_to(sink, "<text class=x x={} y={}>{}</text><text class=l x=4 y=11>{}</text>\n",
                 (kLeft + kWidth) / 2, kHeight - kBottom + 32, escape_html(chart.x_label),
                 escape_html(chart.y_label));
}

static void add_series(const Chart& chart, const Axis& x, const Axis& y, std::string& out) {
  const auto sink = std::back_inserter(out);
  double legend = kLeft;
  for (size_t i = 0; i < chart.series.size(); i++) {
    const Series& series = chart.series[i];
    fmt::format_to(sink, "<polyline class=s{} points=\"", i % 5);
    for (const Point& point : series.points)
      fmt::format_to(sink, "{:.1f},{:.1f} ", px(x, point.x), py(y, point.y));
    fmt::format_to(sink,
                   "\"/><rect class=s{} x={:.0f} y={} width=12 height=4 /><text class=l x={:.0f} "
                   "y={}>{}</text>\n",
                   i % 5, legend, kHeight - 10, legend + 16, kHeight - 5, escape_html(series.name));
    legend += 32 + 7 * static_cast<double>(series.name.size());
  }
}

std::string to_svg(const Chart& chart) {
  const Axis x = fit(chart, &Point::x, chart.log_x), y = fit(chart, &Point::y, chart.log_y);
  std::string out =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=img aria-label=\"{}\"><title>{}</title>\n",
                  kWidth, kHeight, escape_html(chart.title), escape_html(chart.title));
  add_axes(chart, x, y, out);
  add_series(chart, x, y, out);
  return out + "</svg>\n";
}

}  // namespace penstock::bench
