#include "executor/process/landlock.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

namespace penstock::executor {
namespace {

// Of linux/landlock.h, whose constants depend on the age of the headers.
constexpr uint64_t kExecute = 1, kWriteFile = 2, kReadFile = 4, kReadDir = 8;
constexpr uint64_t kAllOfV1 = (1 << 13) - 1, kRefer = 1 << 13, kTruncate = 1 << 14;
constexpr unsigned kVersionFlag = 1;
constexpr int kPathBeneath = 1;
struct RulesetAttributes {
  uint64_t handled_access_fs;
};
struct [[gnu::packed]] PathBeneath {
  uint64_t allowed_access;
  int32_t parent_fd;
};

constexpr const char* kPrograms[] = {"/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/opt"};
constexpr const char* kReadable[] = {"/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl",
                                     "/etc/localtime",   "/etc/timezone",     "/etc/mime.types",
                                     "/etc/hosts",       "/etc/resolv.conf",  "/etc/nsswitch.conf",
                                     "/etc/passwd",      "/etc/group",        "/etc/services",
                                     "/dev/zero",        "/dev/urandom",      "/dev/random"};

// What is not there needs no rule.
void allow(int ruleset, const char* path, uint64_t access) {
  const int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return;
  PathBeneath rule{access, fd};
  if (syscall(SYS_landlock_add_rule, ruleset, kPathBeneath, &rule, 0) != 0 && errno == EINVAL) {
    rule.allowed_access = access & (kExecute | kWriteFile | kReadFile | kTruncate);  // a file
    syscall(SYS_landlock_add_rule, ruleset, kPathBeneath, &rule, 0);
  }
  close(fd);
}

}  // namespace

Status confine_files(const std::string& folder) {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  if (version < 1) return Status::unsupported("this kernel has no Landlock");
  uint64_t all = kAllOfV1;
  if (version >= 2) all |= kRefer;
  if (version >= 3) all |= kTruncate;
  RulesetAttributes attributes{all};
  const long made = syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
  if (made < 0) return Status::io(std::string("landlock: ") + std::strerror(errno));
  const int ruleset = static_cast<int>(made);
  for (const char* path : kPrograms) allow(ruleset, path, kExecute | kReadFile | kReadDir);
  for (const char* path : kReadable) allow(ruleset, path, kReadFile | kReadDir);
  allow(ruleset, "/dev/null", kReadFile | kWriteFile);
  allow(ruleset, folder.c_str(), all);
  const long done = syscall(SYS_landlock_restrict_self, ruleset, 0);
  close(ruleset);
  if (done == 0) return Status();
  return Status::io(std::string("landlock: ") + std::strerror(errno));
}

}  // namespace penstock::executor
