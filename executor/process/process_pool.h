// Starts what workflows want run, where the operator allows it: each process confined, in a folder
// of its own, a few at once.
//
// Lifecycle: start() gives a token; turn() once a loop turn, then take_data(), what talking
// processes said, and take_done(). cancel() kills and forgets. The destructor kills what is left.
// Loop thread only; `loop` and `clock` must outlive this.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "executor/process/child_process.h"
#include "executor/process/process.h"
#include "executor/tasks/timer_queue.h"

namespace penstock::executor {

struct ProcessOptions {
  std::vector<std::string> allowed;  ///< shell, script, mcp, network
  /// Confines itself and becomes the program; run_confined() is behind it.
  std::vector<std::string> wrapper = {"/proc/self/exe", "run-confined"};

  bool allows(const std::string& word) const;
};

class ProcessPool {
 public:
  using Token = uint64_t;
  struct Data {
    Token token;
    std::string bytes;
  };
  struct Done {
    Token token;
    ProcessReply reply;
  };

  ProcessPool(uv_loop_t* loop, const Clock& clock, ProcessOptions options);
  ~ProcessPool();
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  Token start(ProcessRequest request);
  /// More for the stdin of one that talks.
  void write(Token token, std::string bytes);
  void cancel(Token token);
  void turn();
  std::vector<Data> take_data() { return std::exchange(data_, {}); }
  std::vector<Done> take_done() { return std::exchange(done_, {}); }
  bool has_done() const { return !done_.empty(); }

 private:
  struct Running {
    std::unique_ptr<ChildProcess> child;
    bool wanted = true;  // false: cancelled or detached, nobody hears of its end
  };
  void launch(Token token, ProcessRequest request);
  void fail(Token token, std::string fault, bool refused);

  uv_loop_t* loop_;
  const Clock& clock_;
  ProcessOptions options_;
  TimerQueue deadlines_;
  Token last_ = 0;
  std::deque<std::pair<Token, ProcessRequest>> waiting_;
  std::unordered_map<Token, Running> running_;
  std::vector<Data> data_;
  std::vector<Done> done_;
};

}  // namespace penstock::executor
