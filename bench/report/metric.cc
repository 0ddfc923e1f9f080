#include "bench/report/metric.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace penstock::bench {

static std::optional<double> figure_of(const Histogram& histogram, std::string_view name) {
  if (name == "mean") return histogram.mean() / 1e6;
  if (name == "min") return static_cast<double>(histogram.min()) / 1e6;
  if (name == "max") return static_cast<double>(histogram.max()) / 1e6;
  if (!name.starts_with('p') || name.size() < 2) return std::nullopt;
  double percentile = 0;
  const char* end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + 1, end, percentile);
  if (read.ec != std::errc() || read.ptr != end || percentile < 0 || percentile > 100)
    return std::nullopt;
  return static_cast<double>(histogram.at(percentile)) / 1e6;
}

static std::optional<double> latency(const Report& report, std::string_view name) {
  const std::pair<std::string_view, const Histogram*> kinds[] = {
      {"service.", &report.measured.service},
      {"ack.", &report.measured.ack},
      {"first.", &report.measured.first},
      {"lag.", &report.measured.lag}};
  for (const auto& [prefix, histogram] : kinds)
    if (name.starts_with(prefix)) return figure_of(*histogram, name.substr(prefix.size()));
  return figure_of(report.measured.latency, name);
}

static std::optional<double> count(const Report& report, std::string_view name) {
  const Counts& c = report.measured.counts_of;
  const Verdict v = report.verdict.value_or(Verdict());
  const std::pair<std::string_view, uint64_t> all[] = {
      {"requests", c.done},
      {"errors", c.errors()},
      {"refused", c.refused},
      {"broken", c.broken},
      {"timed_out", c.timed_out},
      {"unsent", c.unsent},
      {"unfollowed", c.unfollowed},
      {"lost", v.lost},
      {"doubled", v.doubled},
      {"mismatched", c.mismatched + v.mismatched},
      {"expired", v.expired},
      {"unreadable", v.unreadable},
      {"not_ended", v.not_ended},
      {"failed", c.run_failed + v.failed},
      {"dead", v.dead},
      {"rerun", v.rerun},
      {"out_of_order", c.out_of_order},
      {"late", c.late},
      {"reconnects", c.reconnects},
      {"unconserved", report.conservation.holds() ? 0u : 1u}};
  for (const auto& [known, value] : all)
    if (known == name) return static_cast<double>(value);
  return std::nullopt;
}

static std::optional<double> of_watched(const Report& report, std::string_view name, bool cpu) {
  const auto at = std::find(report.watched.begin(), report.watched.end(), name);
  if (at == report.watched.end()) return std::nullopt;
  const auto index = static_cast<size_t>(at - report.watched.begin());
  double sum = 0, peak = 0;
  for (const Interval& interval : report.measured.intervals()) {
    if (index >= interval.watched.size()) continue;
    sum += interval.watched[index].cpu;
    peak = std::max(peak, static_cast<double>(interval.watched[index].rss_bytes) / 1e6);
  }
  const auto intervals =
      static_cast<double>(std::max<size_t>(1, report.measured.intervals().size()));
  return cpu ? sum / intervals : peak;
}

std::optional<double> metric(const Report& report, std::string_view name) {
  if (name == "rate") return report.rate();
  if (name == "events") return report.event_rate();
  if (name == "cpu") return report.own_cpu;
  if (name.starts_with("cpu.")) return of_watched(report, name.substr(4), true);
  if (name.starts_with("rss.")) return of_watched(report, name.substr(4), false);
  if (const auto value = count(report, name)) return value;
  return latency(report, name);
}

/// What a unit multiplies by; 0: no unit of ours.
static double factor_of(std::string_view unit) {
  if (unit.empty() || unit == "ms" || unit == "/s" || unit == "MB") return 1;
  if (unit == "us" || unit == "µs") return 1e-3;
  if (unit == "s") return 1e3;
  if (unit == "k" || unit == "k/s" || unit == "GB") return 1e3;
  if (unit == "m" || unit == "m/s") return 1e6;
  return 0;
}

Result<Assertion> Assertion::parse(const std::string& text) {
  Assertion assertion;
  for (const char c : text)
    if (c != ' ') assertion.text.push_back(c);
  const std::string& bare = assertion.text;
  const size_t at = bare.find_first_of("<>=!"), after = bare.find_first_not_of("<>=!", at);
  const Status refused =
      Status::invalid("--assert \"" + text + "\" is not like p99<5ms or lost==0");
  if (at == 0 || at == std::string::npos || after == std::string::npos) return refused;
  assertion.name = bare.substr(0, at);
  assertion.op = bare.substr(at, after - at);
  const char* end = bare.data() + bare.size();
  const auto read = std::from_chars(bare.data() + after, end, assertion.bound);
  const double factor = factor_of({read.ptr, static_cast<size_t>(end - read.ptr)});
  constexpr std::string_view kOps[] = {"<", "<=", ">", ">=", "==", "!="};
  if (read.ec != std::errc() || factor == 0 ||
      std::find(std::begin(kOps), std::end(kOps), assertion.op) == std::end(kOps))
    return refused;
  assertion.bound *= factor;
  return assertion;
}

bool Assertion::holds(double value) const {
  if (op == "<") return value < bound;
  if (op == "<=") return value <= bound;
  if (op == ">") return value > bound;
  if (op == ">=") return value >= bound;
  if (op == "==") return value == bound;
  return value != bound;
}

}  // namespace penstock::bench
