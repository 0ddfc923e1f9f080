// Performs what runs ask for: calls and timers. Knows runs by number only.
//
// Lifecycle: perform() each effect of a run, turn() once a loop turn, take_answers() and hand them
// to the machines; forget() what is left of a run that is gone. Loop thread only.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "executor/flow/effect.h"
#include "executor/tasks/caller.h"
#include "executor/tasks/timer_queue.h"
#include "proto/clock.h"

namespace penstock::executor {

class Performer {
 public:
  using RunNumber = uint32_t;
  struct Answer {
    RunNumber run;
    flow::Ordinal ordinal;
    flow::TaskResult result;
  };

  Performer(uv_loop_t* loop, const Clock& clock, HttpClientOptions options)
      : clock_(clock), caller_(loop, std::move(options)), timers_(loop, clock) {}

  /// `run_id` goes into the idempotency key.
  void call(RunNumber run, const std::string& run_id, const flow::Call& call);
  void timer(RunNumber run, const flow::Timer& timer);
  void cancel(RunNumber run, flow::Ordinal ordinal);
  /// Stops all that the run asked for.
  void forget(RunNumber run);
  void turn();
  std::vector<Answer> take_answers() { return std::exchange(answers_, {}); }
  bool has_work() const { return !asked_.empty() || !answers_.empty(); }
  bool has_answers() const { return !answers_.empty(); }
  size_t calls_in_flight() const { return caller_.in_flight(); }

 private:
  static uint64_t key(RunNumber run, flow::Ordinal ordinal) {
    return (static_cast<uint64_t>(run) << 32) | ordinal;
  }
  void add(RunNumber run, flow::Ordinal ordinal) { asked_[run].insert(ordinal); }
  void answer(uint64_t key, flow::TaskResult result);

  const Clock& clock_;
  Caller caller_;
  TimerQueue timers_;
  std::unordered_map<RunNumber, std::unordered_set<flow::Ordinal>> asked_;
  std::vector<Answer> answers_;
};

}  // namespace penstock::executor
