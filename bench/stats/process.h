// What a process uses, read from /proc. Pure functions over the file system; any thread.
// Limitations: Linux; a process that is gone reads as nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace penstock::bench {

struct ProcessUse {
  uint64_t cpu_us = 0;  ///< user and system, of all its threads, since its start
  uint64_t rss_bytes = 0;
};

std::optional<ProcessUse> read_process(int pid);
/// The processor time this program has used.
uint64_t own_cpu_us();

/// A process the operator wants to see: --watch PID or NAME=PID.
struct Watched {
  int pid = 0;
  std::string name;
};

}  // namespace penstock::bench
