#include "bench/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace penstock::bench {

namespace {

/// Collects lines, with or without colours.
class Page {
 public:
  explicit Page(bool color) : color_(color) {}
  void title(std::string_view text) { line("{}{}{}", on("\x1b[1m"), text, on("\x1b[0m")); }
  void bad(std::string_view text) { line("  {}{}{}", on("\x1b[31m"), text, on("\x1b[0m")); }
  template <class... A>
  void line(fmt::format_string<A...> form, A&&... values) {
    fmt::format_to(std::back_inserter(text_), form, std::forward<A>(values)...);
    text_ += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  std::string_view on(std::string_view code) const { return color_ ? code : ""; }
  bool color_;
  std::string text_;
};

}  // namespace

std::string grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (size_t i = 0; i < digits.size(); i++) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  return out;
}

static void add_latency(Page& page, std::string_view name, const Histogram& h) {
  if (h.count() == 0) return;
  const auto at = [&h](double p) { return static_cast<double>(h.at(p)) / 1e6; };
  page.line("  {:<22} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f}", name,
            h.mean() / 1e6, at(50), at(90), at(99), at(99.9), at(99.99),
            static_cast<double>(h.max()) / 1e6);
}

static void add_latencies(Page& page, const Report& report) {
  page.line("");
  page.line("  {:<22} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}", "latency, ms", "mean", "p50",
            "p90", "p99", "p99.9", "p99.99", "max");
  const bool open = report.workload.rate > 0;
  add_latency(page, "acknowledged", report.measured.ack);
  add_latency(page, "first piece", report.measured.first);
  add_latency(page, open ? "from planned time" : "latency", report.measured.latency);
  if (open) add_latency(page, "service time", report.measured.service);
  if (open) add_latency(page, "our own lag", report.measured.lag);
}

static void add_counts(Page& page, const Report& report) {
  const Counts& c = report.measured.counts_of;
  page.line("");
  std::string statuses;
  for (size_t s = 0; s < report.measured.statuses.size(); s++)
    if (report.measured.statuses[s])
      statuses += fmt::format("  {}: {}", s, grouped(report.measured.statuses[s]));
  page.line("  answers {}", statuses.empty() ? "  none" : statuses);
  const std::pair<const char*, uint64_t> odd[] = {
      {"refused", c.refused},
      {"broken off", c.broken},
      {"timed out", c.timed_out},
      {"never sent", c.unsent},
      {"runs failed", c.run_failed},
      {"accepted, but could not be followed", c.unfollowed},
      {"mismatched replies", c.mismatched},
      {"ids out of order", c.out_of_order}};
  for (const auto& [name, count] : odd)
    if (count) page.bad(fmt::format("{} {}", grouped(count), name));
  const std::pair<const char*, uint64_t> plain[] = {{"late replies (202)", c.late},
                                                    {"copies sent", c.duplicates},
                                                    {"sent again", c.resent},
                                                    {"reconnects", c.reconnects}};
  for (const auto& [name, count] : plain)
    if (count) page.line("  {} {}", grouped(count), name);
}

static void add_watched(Page& page, const Report& report) {
  for (size_t i = 0; i < report.watched.size(); i++) {
    double cpu_s = 0;
    uint64_t peak = 0;
    for (const Interval& interval : report.measured.intervals()) {
      if (i >= interval.watched.size()) continue;
      cpu_s += interval.watched[i].cpu * interval.length_s;
      peak = std::max(peak, interval.watched[i].rss_bytes);
    }
    const auto events =
        static_cast<double>(std::max<uint64_t>(1, report.measured.counts_of.events));
    page.line("  {:<22} {:.2f} cores, {:.1f} us of CPU an event, {:.1f} MB at most",
              report.watched[i], cpu_s / std::max(report.seconds, 0.001), cpu_s * 1e6 / events,
              static_cast<double>(peak) / 1e6);
  }
  page.line("  {:<22} {:.2f} cores", "this client", report.own_cpu);
}

static void add_steps(Page& page, const Report& report) {
  if (report.steps.empty()) return;
  page.line("");
  page.line("  {:>12} {:>12} {:>10} {:>10} {:>10} {:>8}", "planned/s", "reached/s", "p50 ms",
            "p99 ms", "p99.9 ms", "errors");
  for (const Step& s : report.steps)
    page.line("  {:>12.0f} {:>12.0f} {:>10.3f} {:>10.3f} {:>10.3f} {:>8}{}", s.planned_rate, s.rate,
              s.p50_ms, s.p99_ms, s.p999_ms, s.errors, s.kept_up ? "" : "  beyond the knee");
}

static void add_verdict(Page& page, const Verdict& v) {
  page.line(
      "  verified {} events: {} succeeded, {} failed, {} cancelled, {} dead, {} captured, {} not "
      "ended",
      grouped(v.asked), grouped(v.succeeded), grouped(v.failed), grouped(v.cancelled),
      grouped(v.dead), grouped(v.captured), grouped(v.not_ended));
  const std::string sums =
      fmt::format("lost {}  doubled {}  mismatched {}  expired {}  unreadable {}", v.lost,
                  v.doubled, v.mismatched, v.expired, v.unreadable);
  if (v.whole())
    page.line("  {}", sums);
  else
    page.bad(sums);
  if (v.rerun) page.line("  {} took more than one attempt", grouped(v.rerun));
  for (const Finding& finding : v.findings)
    page.bad(fmt::format("event {} {}: {}", finding.seq, finding.run.text(), finding.what));
}

static void add_conservation(Page& page, const Conservation& c) {
  if (!c.known) return;
  const std::string text = fmt::format(
      "server: accepted {} = {} in its parts; {} more than before, {} acknowledged here, {} "
      "unanswered",
      grouped(c.after.accepted), grouped(c.after.sum()), grouped(c.grown()),
      grouped(c.acknowledged), grouped(c.unanswered));
  if (c.holds())
    page.line("  {}", text);
  else
    page.bad(text);
}

static void add_environment(Page& page, const Report& report) {
  const Environment& e = report.environment;
  page.line("");
  page.line("  {} x {}, {}", e.cores, e.cpu, e.kernel);
  if (!e.disk.empty())
    page.line("  {} ({}); fdatasync of 4 KB: p50 {:.0f} us, p99 {:.0f} us", e.disk, e.probe_folder,
              e.fsync_p50_us, e.fsync_p99_us);
}

std::string verdict_table(const Verdict& verdict, bool color) {
  Page page(color);
  add_verdict(page, verdict);
  return page.take();
}

std::string to_table(const Report& report, bool color) {
  Page page(color);
  page.title(report.workload.name);
  page.line("  {} connections, {} of {}, {:.1f} s", report.workload.connections,
            report.workload.target, report.workload.payload, report.seconds);
  page.line("");
  page.title(fmt::format("  {} requests/s", grouped(static_cast<uint64_t>(report.rate()))));
  if (report.workload.batch > 1)
    page.title(fmt::format("  {} events/s", grouped(static_cast<uint64_t>(report.event_rate()))));
  add_latencies(page, report);
  add_counts(page, report);
  add_watched(page, report);
  add_steps(page, report);
  if (report.verdict) add_verdict(page, *report.verdict);
  add_conservation(page, report.conservation);
  add_environment(page, report);
  for (const std::string& warning : report.warnings) page.bad("warning: " + warning);
  return page.take();
}

}  // namespace penstock::bench
