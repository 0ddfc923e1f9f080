// Everything a run found out, ready to be written in any form. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/load/recorder.h"
#include "bench/stats/environment.h"
#include "bench/verify/conservation.h"
#include "bench/verify/verdict.h"

namespace penstock::bench {

/// What was asked for, in words.
struct Workload {
  std::string name;          ///< --name, or the target and the load
  std::string target;        ///< ack, wait, …
  std::string url;           ///< without the secret part
  std::string payload;       ///< "1024", "order.json*3"
  double payload_bytes = 0;  ///< on average, with the head
  size_t connections = 0;
  double rate = 0;  ///< planned; 0: closed loop
  size_t batch = 1;
  std::string signature;
  uint64_t warmup_ms = 0;
};

/// One step of --step.
struct Step {
  double planned_rate = 0;
  double rate = 0;
  double p50_ms = 0, p99_ms = 0, p999_ms = 0;
  uint64_t errors = 0;
  bool kept_up = false;
};

struct Report {
  Workload workload;
  uint64_t begin_ms = 0;  ///< wall clock
  uint64_t end_ms = 0;
  double seconds = 0;  ///< of the measured time
  Recorder measured;
  std::vector<std::string> watched;  ///< names, as in the intervals
  double own_cpu = 0;                ///< cores
  std::optional<Verdict> verdict;
  Conservation conservation;
  std::vector<Step> steps;
  Environment environment;
  std::vector<std::string> warnings;

  double rate() const {
    return seconds > 0 ? static_cast<double>(measured.counts_of.done_in_time) / seconds : 0;
  }
  /// Events a second: the same but for batches.
  double event_rate() const { return rate() * static_cast<double>(workload.batch); }
};

/// Says where the client itself, and not the server, set the figures.
void add_warnings(Report& report);

}  // namespace penstock::bench
