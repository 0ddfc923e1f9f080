// A report as text for people. Pure. `color`: ANSI escapes, for a terminal only.
#pragma once

#include <string>

#include "bench/report/report.h"

namespace penstock::bench {

std::string to_table(const Report& report, bool color);
/// The verdict alone, as `penstock-bench verify` prints it.
std::string verdict_table(const Verdict& verdict, bool color);
/// "1,234,567".
std::string grouped(uint64_t number);

}  // namespace penstock::bench
