#include "bench/report/html_report.h"

#include <fmt/format.h>

#include <cmath>

#include "bench/report/chart.h"
#include "bench/report/table.h"
#include "bench/stats/hgrm.h"

namespace penstock::bench {

static constexpr std::string_view kStyle = R"(<style>
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#667;--grid:#dde;--paper:#fff;--s0:#0b62d6;--s1:#c2410c;--s2:#15803d;--s3:#7c3aed;--s4:#b45309}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--dim:#99a;--grid:#334;--paper:#14171b;--s0:#6aa8ff;--s1:#ff9a62;--s2:#5fd48a;--s3:#b79cff;--s4:#f0b95a}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}pre{overflow-x:auto;font-size:13px}
svg{width:100%;height:auto;font-size:11px}svg text{fill:var(--dim)}.x{text-anchor:middle}.y{text-anchor:end}
.grid{stroke:var(--grid)}polyline{fill:none;stroke-width:1.8}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}
rect.s0{fill:var(--s0)}rect.s1{fill:var(--s1)}rect.s2{fill:var(--s2)}rect.s3{fill:var(--s3)}rect.s4{fill:var(--s4)}
.warn{border-left:4px solid var(--s1);padding-left:.8rem}
</style>)";

/// x is 1/(1-p): each nine is as wide as the one before.
static Series spectrum_series(const std::string& name, const Histogram& histogram) {
  Series series{name, {}};
  for (const SpectrumRow& row : spectrum(histogram)) {
    const double share =
        std::min(row.percentile / 100, 1 - 0.5 / static_cast<double>(histogram.count()));
    series.points.push_back({1 / (1 - share), static_cast<double>(row.value) / 1e6});
  }
  return series;
}

static Chart spectrum_chart(const Report& report) {
  Chart chart{"Latency by percentile", "percentile", "ms", true, true, {}, {}};
  const Recorder& m = report.measured;
  chart.series.push_back(
      spectrum_series(report.workload.rate > 0 ? "from planned time" : "latency", m.latency));
  if (report.workload.rate > 0) chart.series.push_back(spectrum_series("service time", m.service));
  if (m.ack.count()) chart.series.push_back(spectrum_series("acknowledged", m.ack));
  if (m.first.count()) chart.series.push_back(spectrum_series("first piece", m.first));
  double x = 10;
  for (const char* word : {"90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"}) {
    if (x <= 2 * static_cast<double>(m.latency.count())) chart.x_ticks.emplace_back(x, word);
    x *= 10;
  }
  return chart;
}

using Of = double (*)(const Interval&);

static Series over_time(const Report& report, const std::string& name, Of of) {
  Series series{name, {}};
  for (const Interval& interval : report.measured.intervals())
    if (interval.length_s > 0) series.points.push_back({interval.at_s, of(interval)});
  return series;
}

static Chart rate_chart(const Report& report) {
  Chart chart{"Rate over time", "seconds", "1/s", false, false, {}, {}};
  chart.series.push_back(over_time(
      report, "done", [](const Interval& i) { return static_cast<double>(i.done) / i.length_s; }));
  chart.series.push_back(over_time(report, "errors", [](const Interval& i) {
    return static_cast<double>(i.errors) / i.length_s;
  }));
  return chart;
}

static Chart latency_chart(const Report& report) {
  Chart chart{"Latency over time", "seconds", "ms", false, true, {}, {}};
  chart.series.push_back(
      over_time(report, "p50", [](const Interval& i) { return static_cast<double>(i.p50) / 1e6; }));
  chart.series.push_back(
      over_time(report, "p99", [](const Interval& i) { return static_cast<double>(i.p99) / 1e6; }));
  chart.series.push_back(
      over_time(report, "max", [](const Interval& i) { return static_cast<double>(i.max) / 1e6; }));
  return chart;
}

/// One line a watched process; `cpu`: cores, else megabytes.
static Chart process_chart(const Report& report, bool cpu) {
  Chart chart{cpu ? "CPU over time" : "Memory over time",
              "seconds",
              cpu ? "cores" : "MB",
              false,
              false,
              {},
              {}};
  for (size_t i = 0; i < report.watched.size(); i++) {
    Series series{report.watched[i], {}};
    for (const Interval& interval : report.measured.intervals()) {
      if (i >= interval.watched.size() || !interval.watched[i].alive) continue;
      const Interval::Use& use = interval.watched[i];
      series.points.push_back(
          {interval.at_s, cpu ? use.cpu : static_cast<double>(use.rss_bytes) / 1e6});
    }
    chart.series.push_back(std::move(series));
  }
  if (cpu)
    chart.series.push_back(
        over_time(report, "this client", [](const Interval& i) { return i.own_cpu; }));
  return chart;
}

static Chart step_chart(const Report& report) {
  Chart chart{"Latency by rate", "requests/s reached", "ms", false, true, {}, {}};
  Series p50{"p50", {}}, p99{"p99", {}};
  for (const Step& step : report.steps) {
    p50.points.push_back({step.rate, step.p50_ms});
    p99.points.push_back({step.rate, step.p99_ms});
  }
  chart.series = {std::move(p50), std::move(p99)};
  return chart;
}

static std::string section(const Chart& chart) {
  return "<h2>" + escape_html(chart.title) + "</h2>\n" + to_svg(chart);
}

std::string to_html(const Report& report) {
  const std::string name = escape_html(report.workload.name);
  std::string out =
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
      "content=\"width=device-width\">"
      "<title>" +
      name + "</title>\n" + std::string(kStyle) + "\n<h1>" + name + "</h1>\n";
  for (const std::string& warning : report.warnings)
    out += "<p class=warn>" + escape_html(warning) + "</p>\n";
  out += "<pre>" + escape_html(to_table(report, false)) + "</pre>\n";
  out += section(spectrum_chart(report)) + section(rate_chart(report)) +
         section(latency_chart(report));
  out += section(process_chart(report, true));
  if (!report.watched.empty()) out += section(process_chart(report, false));
  if (!report.steps.empty()) out += section(step_chart(report));
  out += "<h2>Command</h2><pre>" + escape_html(report.environment.command) + "</pre>\n";
  if (!report.environment.server_limits.empty())
    out += "<details><summary>The server's bounds and settings</summary><pre>" +
           escape_html(report.environment.server_limits) + "</pre></details>\n";
  return out + "</html>\n";
}

}  // namespace penstock::bench
