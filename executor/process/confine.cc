#include "executor/process/confine.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "executor/process/landlock.h"
#include "executor/process/seccomp.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

constexpr int kNotConfined = 126;
constexpr rlim_t kFilesMax = 256;
constexpr rlim_t kProcessesMax = 512;  // of the user, threads too: Node alone has a dozen

void limit(int resource, rlim_t value) {
  rlimit both = {value, value};
  if (rlimit now{}; getrlimit(resource, &now) == 0 && now.rlim_max < value) {
    both = {now.rlim_max, now.rlim_max};
  }
  setrlimit(resource, &both);
}

void set_limits() {
  limit(RLIMIT_CPU, limits::run_cpu_s_max);
#ifndef PENSTOCK_SANITIZED
  limit(RLIMIT_DATA, limits::run_memory_bytes_max);
#endif
  limit(RLIMIT_FSIZE, limits::run_file_bytes_max);
  limit(RLIMIT_NOFILE, kFilesMax);
  limit(RLIMIT_NPROC, kProcessesMax);
  limit(RLIMIT_CORE, 0);
}

// Root would be bound by nothing.
Status give_up_root() {
  if (geteuid() != 0) return Status();
  const bool left = setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
                    setresuid(kNobody, kNobody, kNobody) == 0;
  return left ? Status() : Status::io(std::string("setuid: ") + std::strerror(errno));
}

Status confine(const char* folder, bool network) {
  const bool was_root = geteuid() == 0;
  set_limits();
  PENSTOCK_TRY(give_up_root());
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Status::unsupported(std::string("no_new_privs: ") + std::strerror(errno));
  }
  const Status files = confine_files(folder);
  if (!files && !(was_root && files.fault() == Fault::kUnsupported)) return files;
  return confine_calls(network);
}

}  // namespace

int run_confined(int argc, char** argv) {
  if (argc < 4) return kNotConfined;
  close_range(3, ~0U, 0);
  umask(077);
  signal(SIGPIPE, SIG_DFL);
  Status status = chdir(argv[1]) == 0 ? Status() : Status::io(std::strerror(errno));
  if (status) status = confine(argv[1], std::string_view(argv[2]) == "network");
  if (status) {
    execv(argv[3], argv + 3);
    status = Status::io(std::string(argv[3]) + ": " + std::strerror(errno));
  }
  std::fprintf(stderr, "not run: %s\n", status.message().c_str());
  return kNotConfined;
}

}  // namespace penstock::executor
