#include "bench/stats/environment.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "bench/stats/fsync_probe.h"

namespace penstock::bench {

static std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line))
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

static std::string kernel() {
  utsname name{};
  uname(&name);
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

/// "ext4 on /dev/vda1" of the mount that holds `folder`.
static std::string disk_of(const std::string& folder) {
  struct stat where {};
  if (stat(folder.c_str(), &where) != 0) return "unknown";
  const std::string device =
      std::to_string(major(where.st_dev)) + ":" + std::to_string(minor(where.st_dev));
  std::ifstream file("/proc/self/mountinfo");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string id, parent, number, word, type, source;
    words >> id >> parent >> number;
    if (number != device) continue;
    while (words >> word && word != "-") {
    }
    words >> type >> source;
    return type + " on " + source;
  }
  return "unknown";
}

static void probe(Environment& environment) {
  const auto times = probe_fsync(environment.probe_folder, 300);
  if (!times) return;
  environment.fsync_p50_us = static_cast<double>(times->at(50)) / 1000;
  environment.fsync_p99_us = static_cast<double>(times->at(99)) / 1000;
}

Environment read_environment(const std::string& probe_folder) {
  Environment environment;
  environment.cpu = cpu_model();
  environment.cores = std::thread::hardware_concurrency();
  environment.memory_bytes =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  environment.kernel = kernel();
  environment.bench_version = PENSTOCK_VERSION;
  double load = 0;
  if (getloadavg(&load, 1) == 1) environment.load_before = load;
  environment.probe_folder = probe_folder;
  if (!probe_folder.empty()) {
    environment.disk = disk_of(probe_folder);
    probe(environment);
  }
  return environment;
}

}  // namespace penstock::bench
