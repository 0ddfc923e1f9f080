#include "bench/report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "bench/report/json_sections.h"
#include "bench/report/metric.h"

namespace penstock::bench {

bool Difference::beyond_noise() const {
  return std::abs(change_pct()) > noise_pct;
}
bool Difference::worse() const {
  return beyond_noise() && (change_pct() < 0) == more_is_better;
}

/// How much a figure swings from second to second: the standard error of its mean, twice, in %.
static double swing_pct(const Report& report, double (*of)(const Interval&)) {
  double sum = 0, squares = 0, n = 0;
  for (const Interval& interval : report.measured.intervals()) {
    if (interval.length_s < 0.5) continue;
    const double value = of(interval);
    sum += value;
    squares += value * value;
    n++;
  }
  if (n < 2 || sum == 0) return 0;
  const double mean = sum / n;
  const double variance = std::max(0.0, squares / n - mean * mean) * n / (n - 1);
  return 200 * std::sqrt(variance / n) / mean;
}

static double rate_of(const Interval& interval) {
  return static_cast<double>(interval.done) / interval.length_s;
}
static double p50_of(const Interval& interval) {
  return static_cast<double>(interval.p50);
}

/// The band of a figure: both runs' swings together, and at least `noise_pct`.
static double band_of(const Report& before, const Report& after, double noise_pct,
                      double (*of)(const Interval&)) {
  return std::max(noise_pct, std::hypot(swing_pct(before, of), swing_pct(after, of)));
}

std::vector<Difference> compare(const Report& before, const Report& after, double noise_pct) {
  const double band = band_of(before, after, noise_pct, p50_of);
  std::vector<Difference> rows;
  rows.push_back(
      {"rate", before.rate(), after.rate(), band_of(before, after, noise_pct, rate_of), true});
  // The further out a percentile, the fewer values make it.
  const std::pair<const char*, double> latencies[] = {
      {"mean", 1}, {"p50", 1}, {"p90", 1.5}, {"p99", 2}, {"p99.9", 4}};
  for (const auto& [name, wider] : latencies)
    rows.push_back({name, *metric(before, name), *metric(after, name), band * wider, false});
  for (const char* name : {"errors", "lost", "doubled", "mismatched"})
    rows.push_back({name, *metric(before, name), *metric(after, name), 0, false});
  return rows;
}

static std::string verdict_of(const Difference& row) {
  if (row.before == 0 && row.after != 0) return row.more_is_better ? "better" : "worse";
  if (!row.beyond_noise()) return "same";
  return row.worse() ? "worse" : "better";
}

std::string compare_table(const Report& before, const Report& after,
                          const std::vector<Difference>& rows, bool color) {
  std::string out;
  const auto sink = std::back_inserter(out);
  fmt::format_to(sink, "A {}\nB {}\n\n  {:<12} {:>12} {:>12} {:>9} {:>9}\n", before.workload.name,
                 after.workload.name, "", "A", "B", "change", "noise");
  for (const Difference& row : rows) {
    if (row.before == 0 && row.after == 0) continue;
    const std::string verdict = verdict_of(row);
    const char* on = !color || verdict == "same" ? ""
                     : verdict == "worse"        ? "\x1b[31m"
                                                 : "\x1b[32m";
    fmt::format_to(sink, "  {:<12} {:>12.3f} {:>12.3f} {:>+8.1f}% {:>8.1f}%  {}{}{}\n", row.name,
                   row.before, row.after, row.change_pct(), row.noise_pct, on, verdict,
                   *on ? "\x1b[0m" : "");
  }
  const auto differs = [&](const char* what, const std::string& a, const std::string& b) {
    if (a != b) fmt::format_to(sink, "  not alike: {} \"{}\" and \"{}\"\n", what, a, b);
  };
  differs("CPU", before.environment.cpu, after.environment.cpu);
  differs("kernel", before.environment.kernel, after.environment.kernel);
  differs("disk", before.environment.disk, after.environment.disk);
  differs("target", before.workload.target, after.workload.target);
  differs("payload", before.workload.payload, after.workload.payload);
  differs("connections", std::to_string(before.workload.connections),
          std::to_string(after.workload.connections));
  return out;
}

static void add_recorder(Recorder& into, const Recorder& from) {
  Counts other = from.counts_of;
  const auto sums = named_counts(into.counts_of), parts = named_counts(other);
  for (size_t i = 0; i < sums.size(); i++) *sums[i].second += *parts[i].second;
  into.latency.add(from.latency);
  into.service.add(from.service);
  into.ack.add(from.ack);
  into.first.add(from.first);
  into.lag.add(from.lag);
  for (size_t s = 0; s < into.statuses.size(); s++) into.statuses[s] += from.statuses[s];
  for (size_t i = 0; i < from.intervals().size(); i++) {
    if (i >= into.intervals().size())
      into.intervals().push_back(from.intervals()[i]);
    else
      into.intervals()[i].done += from.intervals()[i].done;
  }
}

static void add_verdict(std::optional<Verdict>& into, const std::optional<Verdict>& from) {
  if (!from) return;
  Verdict& sum = into ? *into : into.emplace();
  uint64_t Verdict::*const members[] = {
      &Verdict::asked,      &Verdict::lost,    &Verdict::expired,   &Verdict::mismatched,
      &Verdict::unreadable, &Verdict::doubled, &Verdict::not_ended, &Verdict::captured,
      &Verdict::succeeded,  &Verdict::failed,  &Verdict::cancelled, &Verdict::dead,
      &Verdict::rerun};
  for (const auto member : members) sum.*member += (*from).*member;
}

Report merge(const std::vector<Report>& reports) {
  Report sum;
  sum.workload = reports.front().workload;
  sum.environment = reports.front().environment;
  sum.workload.connections = 0;
  sum.workload.rate = 0;
  sum.begin_ms = UINT64_MAX;
  for (const Report& report : reports) {
    add_recorder(sum.measured, report.measured);
    add_verdict(sum.verdict, report.verdict);
    sum.workload.connections += report.workload.connections;
    sum.workload.rate += report.workload.rate;
    sum.begin_ms = std::min(sum.begin_ms, report.begin_ms);
    sum.end_ms = std::max(sum.end_ms, report.end_ms);
    sum.seconds = std::max(sum.seconds, report.seconds);
    sum.own_cpu = std::max(sum.own_cpu, report.own_cpu);
  }
  sum.workload.name = fmt::format("{} ({} clients)", sum.workload.name, reports.size());
  return sum;
}

}  // namespace penstock::bench
