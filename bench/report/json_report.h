// A report as JSON and back. The keys for rates and latencies are those of the OpenMessaging
// Benchmark's results (milliseconds, one array entry a second), so its tools can draw ours; what it
// has no words for stands beside them. "schema" is raised when a key changes its meaning.
#pragma once

#include <string>
#include <string_view>

#include "bench/report/report.h"

namespace penstock::bench {

inline constexpr std::string_view report_schema = "penstock-bench/1";

std::string to_json(const Report& report);
/// Reads what to_json() wrote, as far as comparing and merging need it.
Result<Report> from_json(std::string_view text);
Result<Report> read_report(const std::string& path);

}  // namespace penstock::bench
