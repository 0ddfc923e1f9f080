#include "bench/stats/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace penstock::bench {

std::optional<ProcessUse> read_process(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  const size_t name_end = text.rfind(')');  // a name may hold spaces and brackets
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(text.substr(name_end + 1));
  std::string word;
  for (int field = 3; field < 14; field++) rest >> word;
  uint64_t user = 0, system = 0, pages = 0;
  rest >> user >> system;
  for (int field = 16; field < 24; field++) rest >> word;
  rest >> pages;
  if (!rest) return std::nullopt;
  const auto ticks = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return ProcessUse{(user + system) * 1'000'000 / ticks,
                    pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE))};
}

uint64_t own_cpu_us() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto us = [](const timeval& t) {
    return static_cast<uint64_t>(t.tv_sec) * 1'000'000 + static_cast<uint64_t>(t.tv_usec);
  };
  return us(use.ru_utime) + us(use.ru_stime);
}

}  // namespace penstock::bench
