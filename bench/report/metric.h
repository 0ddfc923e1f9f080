// The figures of a report by name, for --assert and compare. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/report/report.h"

namespace penstock::bench {

/// Latencies in milliseconds: p50 p99.9 mean min max, also service.p99, ack.p99, first.p99,
/// lag.p99. Rates in 1/s: rate, events. Counts: errors refused broken timed_out unsent unfollowed
/// lost doubled mismatched expired unreadable not_ended failed dead rerun out_of_order late
/// reconnects, unconserved (0 or 1). Cores: cpu, cpu.NAME of a watched process; MB: rss.NAME.
/// nullopt: no such figure here.
std::optional<double> metric(const Report& report, std::string_view name);

/// NAME OP NUMBER[UNIT]: "p99<5ms", "lost==0", "rate>=20k".
struct Assertion {
  std::string text;
  std::string name;
  std::string op;
  double bound = 0;

  static Result<Assertion> parse(const std::string& text);
  bool holds(double value) const;
};

}  // namespace penstock::bench
