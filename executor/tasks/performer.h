// Performs what runs ask for: calls and timers. Knows runs by number only.
//
// Lifecycle: perform() each effect of a run, turn() once a loop turn, hand on take_pieces(), then
// take_answers() and hand them to the machines; forget() what is left of a run that is gone. Loop
// thread only.
#pragma once

#include <optional>
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

  /// Text of a reply that is under way, or word that it is void.
  struct Piece {
    RunNumber run;
    flow::Ordinal ordinal;
    CallPiece piece;
  };

  Performer(uv_loop_t* loop, const Clock& clock, CallerOptions options)
      : caller_(loop, clock, std::move(options)), timers_(loop, clock) {}

  /// `run_id` goes into the idempotency key; `told` is what readers have of this call's text from
  /// an earlier attempt of the run.
  void call(RunNumber run, const std::string& run_id, const flow::Call& call,
            std::string told = {});
  void timer(RunNumber run, const flow::Timer& timer);
  void cancel(RunNumber run, flow::Ordinal ordinal);
  /// Stops all that the run asked for.
  void forget(RunNumber run);
  void turn();
  /// All of a call's pieces come before its answer.
  std::vector<Piece> take_pieces();
  std::vector<Answer> take_answers() { return std::exchange(answers_, {}); }
  bool has_work() const { return !asked_.empty() || !answers_.empty(); }
  /// turn() has something to give that no event of the loop will announce.
  bool has_answers() const { return !answers_.empty() || caller_.ready(); }
  /// The next timer's time, while nothing but timers is under way.
  std::optional<uint64_t> only_timer_ms() const;
  size_t calls_in_flight() const { return caller_.in_flight(); }

 private:
  static uint64_t key(RunNumber run, flow::Ordinal ordinal) {
    return (static_cast<uint64_t>(run) << 32) | ordinal;
  }
  void add(RunNumber run, flow::Ordinal ordinal) { asked_[run].insert(ordinal); }
  void answer(uint64_t key, flow::TaskResult result);

  Caller caller_;
  TimerQueue timers_;
  std::unordered_map<RunNumber, std::unordered_set<flow::Ordinal>> asked_;
  std::vector<Answer> answers_;
};

}  // namespace penstock::executor
