#include "bench/report/report.h"

#include <fmt/format.h>

namespace penstock::bench {

static void warn_of_client(Report& report) {
  if (report.own_cpu > 0.9)
    report.warnings.push_back(
        fmt::format("the client itself is the limit: it used {:.0f} % of a core; the server may be "
                    "faster than this",
                    report.own_cpu * 100));
  const Histogram& lag = report.measured.lag;
  if (lag.count() > 0 && lag.at(99) > 1'000'000)
    report.warnings.push_back(fmt::format(
        "the client sent late: p99 {:.1f} ms behind plan with free connections; the machine is too "
        "busy for this rate",
        static_cast<double>(lag.at(99)) / 1e6));
}

static void warn_of_load(Report& report) {
  const Counts& counts = report.measured.counts_of;
  if (report.workload.rate > 0 &&
      report.event_rate() <
          0.95 * report.workload.rate * static_cast<double>(report.workload.batch))
    report.warnings.push_back(
        fmt::format("the planned rate was not reached: {:.0f} of {:.0f} requests a second; "
                    "latencies include the waiting",
                    report.rate(), report.workload.rate));
  if (counts.unsent)
    report.warnings.push_back(fmt::format("{} requests were due but never sent", counts.unsent));
  if (report.environment.load_before > 0.5 * report.environment.cores)
    report.warnings.push_back(fmt::format("the machine was busy before: load average {:.1f}",
                                          report.environment.load_before));
  if (report.measured.latency.clamped())
    report.warnings.push_back("some latencies were beyond an hour and count as an hour");
}

void add_warnings(Report& report) {
  warn_of_client(report);
  warn_of_load(report);
  if (const std::string complaint = report.conservation.complaint(); !complaint.empty())
    report.warnings.push_back(complaint);
}

}  // namespace penstock::bench
