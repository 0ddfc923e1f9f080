// Plays the gateway to one executor process that it starts: gives it a workflow and keeps a number of
// runs under way, each end being followed by a new run. Nothing is stored; what the executor wants
// stored counts as stored at once. So the figures are the executor's alone.
//
// Lifecycle: made, run() once. Blocks; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "bench/stats/histogram.h"
#include "proto/status.h"

namespace penstock::bench {

struct DrivePlan {
  std::string executor;  ///< the program
  std::string source;    ///< the workflow
  std::string body;      ///< each run's input
  uint32_t in_flight = 1000;
  uint64_t ramp_ms = 0;  ///< until as many are under way
  uint64_t warm_ms = 1000, measured_ms = 5000;
};

struct DriveFigures {
  Histogram run_ns;  ///< from its dispatch to its end, of those that ended in the measured time
  double seconds = 0;
  uint64_t ended = 0, failed = 0;
  std::string first_error;
  uint64_t rss_before = 0, rss_most = 0;
  double cpu_us_each = 0;  ///< the executor's, of the measured time
};

Result<DriveFigures> drive(const DrivePlan& plan);

}  // namespace penstock::bench
