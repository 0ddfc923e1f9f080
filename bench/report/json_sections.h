// The parts of a JSON report that are lists of named values. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include "bench/report/report.h"

namespace penstock::bench {

nlohmann::ordered_json load_json(const Workload& workload);
nlohmann::ordered_json counts_json(const Recorder& measured);
nlohmann::ordered_json watched_json(const Report& report);
nlohmann::ordered_json verdict_json(const Verdict& verdict);
nlohmann::ordered_json conservation_json(const Conservation& conservation);
nlohmann::ordered_json steps_json(const std::vector<Step>& steps);
nlohmann::ordered_json environment_json(const Environment& environment);

/// The counts by their JSON names, for writing and reading alike.
std::vector<std::pair<const char*, uint64_t*>> named_counts(Counts& counts);

}  // namespace penstock::bench
