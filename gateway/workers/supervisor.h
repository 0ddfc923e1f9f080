// Starts the gateway's own executors and keeps them running: a process that ends is started again
// after a pause that doubles, and a loop of crashes shows in the health answer.
//
// Lifecycle: start() once; stop() asks all to end, kill_all() ends them; run the loop until it
// returns. Loop thread only. Limitations: one kind of process; its output goes to our stderr.
#pragma once

#include <uv.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/log/log.h"
#include "proto/clock.h"
#include "proto/status.h"

namespace penstock::gateway {

struct SupervisorOptions {
  std::string program;                 ///< path of penstock-executor
  std::vector<std::string> arguments;  ///< behind the program's name
  uint64_t processes = 1;
};

class Supervisor {
 public:
  Supervisor(uv_loop_t* loop, SupervisorOptions options, const Clock& clock, Logger& log);
  ~Supervisor();

  void start();
  /// Starts again what has ended and whose pause is over. Returns when it next wants to be called.
  uint64_t turn();
  /// They have been told to end when they are done: none is started again.
  void expect_ends() { stopping_ = true; }
  /// SIGTERM to all; none is started again.
  void stop();
  /// SIGKILL to this one, if it is ours: it hangs.
  void kill(uint32_t pid);
  void kill_all();
  bool all_ended() const;
  uint64_t restarts() const { return restarts_; }
  /// Some process ended crash_loop_count times in a row without living for steady_ms.
  bool is_crash_looping() const;

 private:
  struct Child;
  static void on_exit(uv_process_t* process, int64_t status, int signal);
  void spawn(Child& child);
  void ended(Child& child, int64_t status, int signal);

  static constexpr uint64_t restart_first_ms = 100, restart_ms_max = 10'000;
  static constexpr uint64_t steady_ms = 10'000;
  static constexpr uint32_t crash_loop_count = 5;

  uv_loop_t* loop_;
  SupervisorOptions options_;
  const Clock& clock_;
  Logger& log_;
  std::vector<std::unique_ptr<Child>> children_;
  uint64_t restarts_ = 0;
  bool stopping_ = false;
};

}  // namespace penstock::gateway
