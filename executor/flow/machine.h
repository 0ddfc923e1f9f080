// One run of a workflow, as a state machine: what happened goes in, what is to be done comes out.
// No I/O and no clock: the time comes with what happened. Fed the journal of an earlier life it
// stands where that one stood, and asks again for what was under way.
//
// Lifecycle: start() once, then complete() for each answer and stored() for each durable journal
// record, resume() after a Yield, until the effects hold a Finish. All return effects to perform,
// in order. Single thread.
// Limitations: steps, depth, branches and the trace are bounded (proto/limits.h). Results that come
// while it computes are taken up when all its strands wait.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "executor/flow/effect.h"
#include "executor/flow/frame.h"
#include "executor/flow/journal.h"
#include "executor/flow/observer.h"
#include "executor/flow/trace.h"
#include "executor/flow/usage.h"
#include "proto/id.h"

namespace penstock::flow {

struct RunInfo {
  Id id;
  json::Value input;
  json::Value secrets;           ///< an object; only names under use.secrets are seen
  jq::Runner* runner = nullptr;  ///< shared by runs; must outlive the machine
  Observer* observer = nullptr;  ///< must outlive the machine
};

class Machine {
 public:
  Machine(ProgramPtr program, RunInfo info);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Begins, or goes on behind `journal`, an earlier life's records in order.
  Effects start(uint64_t now_ms, std::span<const std::string> journal);
  /// The answer to an effect. Answers to what was cancelled are ignored.
  Effects complete(Ordinal ordinal, TaskResult result, uint64_t now_ms);
  /// Journal records up to and including this one are durable.
  Effects stored(uint32_t sequence);
  /// Goes on after a Yield.
  Effects resume();

  bool finished() const { return finished_; }
  /// Set when there is nothing to do but wait, and the journal can bring it back: until when.
  std::optional<uint64_t> idle_until() const;
  /// The same where it waits for events too: until when, 0 for ever.
  std::optional<uint64_t> listening_until() const;
  /// All that it was told has been taken up.
  bool caught_up() const { return arrivals_.empty() && !paused_ && queue_.empty(); }
  std::vector<Trace> traces() const { return traces_.entries(); }
  /// What its calls of models used, an earlier life's included.
  const UsageLog& usage() const { return usage_; }
  const RunInfo& info() const { return info_; }

 private:
  friend class FrameScope;

  /// What an effect was asked for.
  enum class Purpose : uint8_t { kTask, kTimeout, kAttempt, kDelay };
  struct Pending {
    Effect effect;  ///< moved from once it is sent
    uint32_t strand;
    uint32_t frame;  ///< position in the strand
    Purpose purpose;
    bool sent = false;
    uint64_t due_ms = 0;  ///< of a timer; else 0
    uint32_t heard_to = 0;  ///< of a listener: it is past these events of the inbox
  };
  struct Arrival {
    Ordinal ordinal;
    uint64_t at_ms;
    TaskResult result;
    bool replayed;
  };

  // machine.cc: strands and what arrives
  void process();
  bool run(Strand& strand);
  void step(Strand& strand);
  bool take_arrival();
  void apply(Arrival arrival);
  void answer(Strand& strand, const Pending& pending, TaskResult result);
  Strand& spawn(uint32_t parent, uint32_t branch);
  void enqueue(Strand& strand);
  void kill(uint32_t id);
  void bury(Strand& strand);
  void strand_done(Strand& strand, json::Value output);
  void strand_failed(Strand& strand, Error error);
  void finish(Finish finish);

  // machine_effects.cc: asking, journalling
  Ordinal ask(Strand& strand, Purpose purpose, Effect effect);
  Ordinal ask_timer(Strand& strand, Purpose purpose, uint64_t after_ms);
  void drop(Ordinal ordinal);
  void forget(std::map<Ordinal, Pending>::iterator found);
  void append(std::string record);
  void append_start();
  Effects flush();
  bool holds() const;
  std::optional<uint64_t> next_due() const;

  // machine_task.cc: a task from its input to its output
  void enter(Strand& strand);
  void skip(Strand& strand);
  void begin(Strand& strand);
  void complete_task(Strand& strand);
  bool transform_output(Strand& strand);
  bool export_output(Strand& strand);
  bool reply(Strand& strand);
  void pop(Strand& strand, TaskStatus status);
  void deliver(Strand& strand, json::Value value, Directive directive);
  void done(Strand& strand, json::Value value);
  void push(Strand& strand, const Node& node, Instance& instance, json::Value input, uint32_t base);

  // machine_list.cc: lists, loops, switches
  void start_list(Strand& strand, const TaskList& list, json::Value value);
  void next_task(Strand& strand);
  void list_done(Strand& strand);
  void begin_switch(Strand& strand);
  void begin_for(Strand& strand);
  void iterate(Strand& strand);
  void set_locals(Strand& strand, json::Value first, std::optional<json::Value> second);
  void end_instance(Strand& strand, json::Value value);

  // machine_extend.cc: what use.extensions puts around a task
  void begin_extended(Strand& strand);
  void next_extension(Strand& strand);
  void extension_done(Strand& strand);
  bool extends(const Strand& strand, const Extension& extension) const;

  // machine_error.cc: raise, try, catch, retry
  void begin_raise(Strand& strand);
  void begin_try(Strand& strand);
  void fail(Strand& strand, Error error);
  bool caught(Strand& strand, Error& error);
  std::optional<bool> condition(Strand& strand, const std::optional<Expression>& when, bool absent,
                                Error& error);
  bool filter_matches(const TryBody& body, const Error& error) const;
  bool retried(Strand& strand, Error& error);
  std::optional<uint64_t> retry_delay(Strand& strand, const RetryPolicy& policy, Error& error);
  void retry_now(Strand& strand);
  void timed_out(Strand& strand, uint32_t frame, Purpose purpose);

  // machine_fork.cc: branches
  void begin_fork(Strand& strand);
  void branch_done(Strand& strand, json::Value output);
  void branch_failed(Strand& strand, Error error);
  void fork_done(Strand& parent, json::Value output);
  void kill_branches(Strand& parent);

  // machine_calls.cc: what reaches outside
  void begin_wait(Strand& strand);
  void begin_call(Strand& strand);
  void begin_function(Strand& strand);
  void begin_emit(Strand& strand);
  void begin_run(Strand& strand);
  void loaded(Strand& strand, Loaded loaded);

  // machine_listen.cc: events
  void begin_listen(Strand& strand);
  bool wanted(Strand& strand, uint32_t position, const json::Value& event);
  std::optional<size_t> fitting(const Strand& strand, const Frame& frame,
                                const json::Value& event) const;
  bool ends_listening(const Strand& strand, const Frame& frame, const json::Value& event) const;
  bool fits(const Strand& strand, const Frame& frame, const EventFilter& filter,
            const json::Value& event) const;
  void learn(const Strand& strand, Frame& frame, const EventFilter& filter,
             const json::Value& event);
  void heard(Strand& strand, uint32_t position, const json::Value& event);
  bool has_enough(const Strand& strand, Frame& frame) const;
  void next_event(Strand& strand);
  void event_handled(Strand& strand);

  // machine_values.cc: expressions and what they see
  std::optional<json::Value> evaluate(Strand& strand, const Template& part, const json::Value& dot,
                                      std::string_view field);
  std::optional<bool> test(Strand& strand, const Expression& condition, const json::Value& dot,
                           std::string_view field);
  Result<json::Value> evaluate_for(const Strand& strand, const Expression& expression,
                                   const json::Value& dot) const;
  Result<json::Value> evaluate_in(const Strand& strand, const Frame& frame,
                                  const Expression& expression, const json::Value& dot) const;
  Result<uint64_t> duration_for(const Strand& strand, const Duration& duration) const;
  std::optional<json::Value> quiet(const Strand& strand, const Frame& frame, const Template& part,
                                   const json::Value& dot) const;
  bool valid(Strand& strand, const Schema* schema, const json::Value& value,
             std::string_view field);
  std::optional<uint64_t> duration(Strand& strand, const Duration& duration,
                                   std::string_view field);
  json::Value global(const Frame& frame, Global which) const;
  json::Value task_value(const Frame& frame) const;
  json::Value workflow_value(const Instance& instance) const;
  json::Value secrets_value(const Instance& instance) const;

  RunInfo info_;
  Instance own_;                                                // the run's own workflow
  std::map<const Instance*, std::unique_ptr<Instance>> inner_;  // those that it runs
  std::set<ProgramPtr> programs_;                               // kept for the trace
  std::deque<Strand> strands_;
  std::vector<uint32_t> free_strands_, dead_strands_;
  std::deque<uint32_t> queue_;  // strands that can go on
  std::deque<Arrival> arrivals_;
  std::optional<Arrival> paused_;  // a replayed record that waits for the workflow it names
  std::map<Ordinal, Pending> pending_;
  std::vector<Ordinal> unsent_;
  Effects out_;
  std::vector<std::pair<uint32_t, std::string>> records_;  // appended and not handed out
  TraceLog traces_;
  UsageLog usage_;
  uint64_t now_ms_ = 0;
  uint64_t steps_ = 0;
  std::multiset<uint64_t> timers_;  // due times among pending_
  Ordinal last_ordinal_ = 0;
  uint32_t next_sequence_ = 0, saved_ = 0;
  uint32_t turn_steps_ = 0;
  size_t listeners_ = 0;          // among pending_
  size_t detached_ = 0;           // workflows that nobody awaits, still under way
  std::optional<json::Value> reply_;  // the workflow's own, for its end
  std::optional<Finish> ending_;  // the run's end, once the detached ones are done too
  bool finished_ = false;
};

}  // namespace penstock::flow
