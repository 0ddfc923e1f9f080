// Tier 2: expressions that our own jq does not know run on libjq, in processes that can do nothing
// but compute: empty environment, no files, no network, bounded memory and time.
//
// Lifecycle: start(), or the first run, makes the processes ready; each serves one run at a time and is replaced when
// it dies, is too slow or has served enough. The destructor ends them.
// Thread: one. Limitations: run() waits for its answer, up to limits::jq_sandbox_ms_max; numbers go
// through doubles, as libjq has them.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "executor/jq/jq.h"

namespace penstock::jq {

struct SandboxOptions {
  /// The program and arguments of a child; it must call sandbox_child(). Empty: this program with
  /// the argument "jq-sandbox".
  std::vector<std::string> command;
  size_t processes = 1;  ///< kept ready
  int timeout_ms = limits::jq_sandbox_ms_max;
};

class Sandbox {
 public:
  explicit Sandbox(SandboxOptions options = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Makes the processes ready. Fault kUnsupported or kIo: there will be no tier 2.
  Status start();
  Outcome run(const std::string& program, const json::Value& input,
              const std::vector<std::string>& names, std::span<const json::Value> variables,
              const Options& options);

 private:
  struct Process {
    pid_t pid = -1;
    int fd = -1;
    size_t served = 0;
  };

  Result<Process> spawn() const;
  static void end(Process& process);
  Result<std::string> exchange(int fd, const std::string& request) const;
  Result<json::Value> ask(const std::string& request);

  SandboxOptions options_;
  std::vector<Process> processes_;
  size_t next_ = 0;
};

}  // namespace penstock::jq
