// Runs a compiled program: a stack of values, frames for calls, and forks to go back to. It uses no
// C++ stack for the program's own depth, so recursion costs memory that the budget counts.
//
// A fork remembers the stacks' sizes; what lies below stays untouched until the machine is back
// there. An expression with several outputs leaves forks behind; to ask for the next output is to
// backtrack.
//
// Lifecycle: reused from run to run. Thread: one.
#pragma once

#include <span>
#include <vector>

#include "executor/jq/guard.h"
#include "executor/jq/native/call.h"
#include "executor/jq/program.h"
#include "executor/jq/regex_cache.h"
#include "executor/jq/stack.h"

namespace penstock::jq {

class Machine {
 public:
  /// Runs up to `outputs_wanted` outputs.
  Outcome run(const Program& program, json::Value input, std::span<const json::Value> variables,
              const Options& options, size_t outputs_wanted);

 private:
  /// A call that has not returned.
  struct Frame {
    uint32_t return_to;
    uint32_t caller;    ///< a frame
    uint32_t outer;     ///< the frame of the function around this one's definition
    uint32_t slots;     ///< its first slot
    uint32_t closures;  ///< its first parameter
  };
  /// A function with the frame it was made in.
  struct Closure {
    uint32_t function;
    uint32_t frame;
  };
  enum class ForkKind : uint8_t { kJump, kEach, kRange, kTry, kTryExit };
  struct Fork {
    ForkKind kind;
    uint32_t go_on;  ///< instruction
    Stack::Mark stack;
    uint32_t frame;
    uint32_t frames, slots, closures;  ///< sizes
    uint32_t nest;
    json::Value path, tracked;
    json::Value container;              ///< kEach
    double next = 0, upto = 0, by = 0;  ///< kEach, kRange; kTryExit: the fork it ends
  };

  // machine.cc: the loop
  void start(const Program& program, json::Value input, std::span<const json::Value> variables);
  void loop();
  bool step(const Instruction& in);
  bool simple_step(const Instruction& in);

  // forks.cc: going back, and errors
  bool backtrack();
  void restore(const Fork& fork);
  Fork& fork(ForkKind kind, uint32_t go_on);
  void drop_forks(size_t count);
  void settle_floor();
  bool raise();
  bool check(bool fine);

  // calls.cc: frames and closures
  bool call(const Instruction& in, bool tail);
  bool call_parameter(const Instruction& in, bool tail);
  bool enter(uint32_t function, uint32_t outer, uint32_t arguments, uint32_t return_to, bool tail);
  Closure closure_of(const Instruction& argument) const;
  void leave();
  uint32_t outwards(uint16_t levels) const {
    uint32_t frame = frame_;
    while (levels-- > 0) frame = frames_[frame].outer;
    return frame;
  }
  json::Value& slot(uint32_t number, uint16_t levels = 0) {
    return slots_[frames_[levels == 0 ? frame_ : outwards(levels)].slots + number];
  }

  // steps.cc: what instructions do to values
  bool field(const Instruction& in);
  bool index(const Instruction& in);
  bool read(json::Value container, const json::Value& key, bool optional);
  bool each(bool optional);
  bool each_next(Fork& fork);
  bool range();
  bool range_next(Fork& fork);
  void slice();
  bool append(const Instruction& in);
  bool insert(json::Value key, json::Value value);
  bool insert_computed();
  bool binary(const Instruction& in);
  bool binary_const(const Instruction& in);
  bool negate();
  bool format(const Instruction& in);
  bool interpolate(const Instruction& in);
  bool native(const Instruction& in);
  bool get_path();
  bool path_begin();
  bool path_end();
  bool set_path(const Instruction& in);
  bool take_path(const Instruction& in);
  bool put_path(const Instruction& in);
  bool delete_paths(const Instruction& in);
  bool try_end(const Instruction& in);
  bool tracks() const { return tracking_ && nest_ == 0; }
  bool follows(const json::Value& container, const json::Value& key);
  void track(const json::Value& key, const json::Value& result);
  bool put_top(json::Value value);
  bool fail(std::string message);

  const Program* program_ = nullptr;
  RegexCache regexes_;
  std::optional<Guard> guard_;
  std::optional<Call> call_;
  Outcome outcome_;
  size_t outputs_wanted_ = 0;

  Stack stack_;
  std::vector<Frame> frames_;
  std::vector<json::Value> slots_;
  std::vector<Closure> closures_;
  std::vector<Fork> forks_;
  uint32_t next_ = 0;   ///< instruction
  uint32_t frame_ = 0;  ///< the one that runs
  uint32_t frames_floor_ = 0;
  uint32_t nest_ = 0;  ///< above 0 path tracking rests
  bool tracking_ = false;
  json::Value path_;     ///< so far; an array while tracking
  json::Value tracked_;  ///< what lies at path_
  bool done_ = false;
};

}  // namespace penstock::jq
