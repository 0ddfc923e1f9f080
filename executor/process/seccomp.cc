#include "executor/process/seccomp.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace penstock::executor {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "scripts are confined on x86-64 and arm64 only"
#endif
constexpr uint32_t kX32Bit = 0x40000000;  // x86-64's other set of numbers

// Other processes, the kernel, mounts and namespaces; and leaving the process group, by which all
// that was started is ended.
constexpr long kDenied[] = {SYS_ptrace,
                            SYS_process_vm_readv,
                            SYS_process_vm_writev,
                            SYS_kcmp,
                            SYS_mount,
                            SYS_umount2,
                            SYS_pivot_root,
                            SYS_chroot,
                            SYS_setns,
                            SYS_unshare,
                            SYS_bpf,
                            SYS_perf_event_open,
                            SYS_userfaultfd,
                            SYS_keyctl,
                            SYS_add_key,
                            SYS_request_key,
                            SYS_kexec_load,
                            SYS_kexec_file_load,
                            SYS_init_module,
                            SYS_finit_module,
                            SYS_delete_module,
                            SYS_reboot,
                            SYS_swapon,
                            SYS_swapoff,
                            SYS_acct,
                            SYS_quotactl,
                            SYS_settimeofday,
                            SYS_clock_settime,
                            SYS_clock_adjtime,
                            SYS_adjtimex,
                            SYS_sethostname,
                            SYS_setdomainname,
                            SYS_syslog,
                            SYS_open_by_handle_at,
                            SYS_name_to_handle_at,
                            SYS_io_uring_setup,
                            SYS_io_uring_enter,
                            SYS_io_uring_register,
                            SYS_pidfd_getfd,
                            SYS_pidfd_send_signal,
                            SYS_open_tree,
                            SYS_move_mount,
                            SYS_fsopen,
                            SYS_fsmount,
                            SYS_fsconfig,
                            SYS_fspick,
                            SYS_setsid,
                            SYS_setpgid,
                            SYS_rt_sigqueueinfo,
                            SYS_rt_tgsigqueueinfo,
                            SYS_tkill,
                            SYS_migrate_pages,
                            SYS_move_pages,
                            SYS_process_madvise,
                            SYS_personality};

constexpr uint32_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

class Filter {
 public:
  explicit Filter(bool network) {
    load(offsetof(seccomp_data, arch));
    jump(BPF_JEQ, kArchitecture, 1, 0);
    end(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
    jump(BPF_JGE, kX32Bit, 0, 1);
    end(denied(EPERM));
    for (const long call : kDenied) refuse(call, EPERM);
    refuse(SYS_clone3, ENOSYS);  // its flags cannot be looked at; libc then calls clone
    first_argument(SYS_clone, BPF_JSET, {kNamespaces}, false);
    const auto own = static_cast<uint32_t>(getpid());  // stays the same over exec
    first_argument(SYS_kill, BPF_JEQ, {own}, true);
    first_argument(SYS_tgkill, BPF_JEQ, {own}, true);
    first_argument(SYS_prlimit64, BPF_JEQ, {0, own}, true);
    if (network) {
      first_argument(SYS_socket, BPF_JEQ, {AF_INET, AF_INET6, AF_NETLINK}, true);
    } else {
      refuse(SYS_socket, EACCES);
    }
    end(SECCOMP_RET_ALLOW);
  }
  std::vector<sock_filter>& code() { return code_; }

 private:
  static uint32_t denied(uint32_t error) { return SECCOMP_RET_ERRNO | error; }
  void load(size_t offset) {
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  }
  void jump(uint16_t test, uint32_t value, uint8_t yes, uint8_t no) {
    code_.push_back(BPF_JUMP(static_cast<uint16_t>(BPF_JMP | BPF_K | test), value, yes, no));
  }
  void end(uint32_t verdict) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }
  void refuse(long call, uint32_t error) {
    jump(BPF_JEQ, static_cast<uint32_t>(call), 0, 1);
    end(denied(error));
  }
  // The call's first argument passes the test against one of the values: then `allowed`, else not.
  void first_argument(long call, uint16_t test, const std::vector<uint32_t>& values, bool allowed) {
    const auto count = static_cast<uint8_t>(values.size());
    jump(BPF_JEQ, static_cast<uint32_t>(call), 0, static_cast<uint8_t>(count + 3));
    load(offsetof(seccomp_data, args));  // its low half: little endian
    for (uint8_t i = 0; i < count; i++) jump(test, values[i], static_cast<uint8_t>(count - i), 0);
    end(allowed ? denied(EPERM) : static_cast<uint32_t>(SECCOMP_RET_ALLOW));
    end(allowed ? static_cast<uint32_t>(SECCOMP_RET_ALLOW) : denied(EPERM));
  }

  std::vector<sock_filter> code_;
};

}  // namespace

Status confine_calls(bool network) {
  Filter filter(network);
  const sock_fprog program = {static_cast<unsigned short>(filter.code().size()),
                              filter.code().data()};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return Status();
  return Status::unsupported(std::string("seccomp: ") + std::strerror(errno));
}

}  // namespace penstock::executor
