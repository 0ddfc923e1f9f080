#include "executor/jq/sandbox/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <vector>

#include "executor/jq/sandbox/child.h"
#include "proto/limits.h"

namespace penstock::jq {
namespace {

#if defined(__x86_64__)
constexpr uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
#error "the sandbox knows x86-64 and arm64 only"
#endif

// Everything else fails with EPERM: libjq then goes on without what it looked for (its start-up
// file, for one), and nothing is opened, sent or started.
constexpr long allowed[] = {
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_read,           SYS_write,         SYS_readv,        SYS_writev,    SYS_ppoll,
    SYS_exit,           SYS_exit_group,    SYS_brk,          SYS_mmap,      SYS_munmap,
    SYS_mremap,         SYS_mprotect,      SYS_madvise,      SYS_futex,     SYS_rt_sigreturn,
    SYS_rt_sigprocmask, SYS_clock_gettime, SYS_gettimeofday, SYS_getrandom, SYS_fstat,
    SYS_gettid,         SYS_getpid,        SYS_tgkill};

void limit(int resource, rlim_t value) {
  const rlimit both = {value, value};
  setrlimit(resource, &both);
}

std::vector<sock_filter> filter() {
  std::vector<sock_filter> code = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0),
                                   BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                                   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const long call : allowed) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  return code;
}

}  // namespace

Status confine() {
#ifndef PENSTOCK_SANITIZED  // a sanitizer reserves far more than it uses
  limit(RLIMIT_AS, limits::jq_sandbox_memory_bytes_max);
#endif
  limit(RLIMIT_NOFILE, sandbox_fd + 1);  // poll() refuses more than may be open
  limit(RLIMIT_NPROC, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, limits::jq_sandbox_cpu_s_max);
  prctl(PR_SET_DUMPABLE, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Status::unsupported(std::string("no_new_privs: ") + std::strerror(errno));
  }
  std::vector<sock_filter> code = filter();
  const sock_fprog program = {static_cast<unsigned short>(code.size()), code.data()};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    return Status::unsupported(std::string("seccomp: ") + std::strerror(errno));
  }
  return {};
}

}  // namespace penstock::jq
