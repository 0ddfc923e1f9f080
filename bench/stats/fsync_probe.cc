#include "bench/stats/fsync_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace penstock::bench {

static uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

static Status append_durably(int file, const std::array<char, 4096>& block) {
  if (write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
      fdatasync(file) != 0)
    return Status::io(std::string("the fsync probe failed: ") + std::strerror(errno));
  return {};
}

Result<Histogram> probe_fsync(const std::string& folder, uint64_t ms) {
  std::string path = folder + "/penstock-fsync-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) return Status::io("cannot write in " + folder + ": " + std::strerror(errno));
  unlink(path.c_str());
  std::array<char, 4096> block;
  block.fill('x');
  Histogram times;
  Status status;
  const uint64_t end = now_ns() + ms * 1'000'000;
  for (uint64_t before = now_ns(); before < end && status.ok();) {
    status = append_durably(file, block);
    const uint64_t after = now_ns();
    times.record(after - before);
    before = after;
  }
  close(file);
  if (!status.ok()) return status;
  return times;
}

}  // namespace penstock::bench
