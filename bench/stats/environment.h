// Where a figure was measured: without it no figure means anything. Read once, before or after the
// load, never during it.
#pragma once

#include <string>

namespace penstock::bench {

struct Environment {
  std::string cpu;
  unsigned cores = 0;
  uint64_t memory_bytes = 0;
  std::string kernel;
  std::string probe_folder;  ///< where the fsync probe wrote
  std::string disk;          ///< its device and file system
  double fsync_p50_us = 0;   ///< 0: not probed
  double fsync_p99_us = 0;
  double load_before = 0;  ///< the machine's load average when the run began
  std::string bench_version;
  std::string server_limits;  ///< the JSON of the server's /v1/limits, "" when not asked
  std::string command;        ///< the command line, secrets left out
};

/// `probe_folder` "": no fsync probe.
Environment read_environment(const std::string& probe_folder);

}  // namespace penstock::bench
