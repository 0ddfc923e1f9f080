// What holds runs back though executors are free: lanes (one at a time, in order, until it ends),
// limits on runs at once (of a trigger, or of each concurrency key), a throttle on beginnings, and a
// breaker that leaves a failing workflow alone. Decides; the queue moves the runs.
//
// A run takes its lane when it first comes to the front and keeps it through retries and waits; it
// counts for the limits only while it is on an executor. Runs that are held wait in order at the
// gate that stopped them.
//
// Lifecycle: limits are told before the first turn and may change. One thread. Pure.
// Limitations: state of breakers and throttles starts afresh with the process.
#pragma once

#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "queue/flow_gate.h"

namespace penstock::queue {

/// The runs of one trigger (and, of its fan-out, one workflow).
struct FlowGroup {
  std::string trigger, workflow;  ///< workflow: empty for the trigger's own
  const FlowLimits* limits;
  FlowGate all;
  std::unordered_map<std::string, std::unique_ptr<FlowGate>> lanes, keys;
  FlowBreaker breaker;
  double begin_ms = 0;            ///< monotonic: the throttle's next beginning
  uint64_t users = 0, running = 0, held = 0;
};

class Flow {
 public:
  Flow() = default;
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  void set_limits(const std::string& trigger, const FlowLimits& limits, uint64_t now_ms);
  /// Whether a run with these labels may ever be held.
  bool concerns(const RunLabels& labels) const {
    return labels.flow || (!limits_.empty() && limits_.count(labels.trigger) > 0);
  }
  /// Gives the run its gates, if anything limits it; once.
  void attach(Run& run);
  /// It had its lane to itself when the last process ended.
  void restore_head(Run& run);

  /// The gate that stops this run now; null: it may begin, and its lane is its own.
  FlowGate* stopped_by(Run& run, uint64_t now_ms);
  void hold(Run& run, FlowGate& gate, uint64_t now_ms);
  void unhold(Run& run);
  void begun(Run& run, uint64_t now_ms);
  /// It is on no executor any more.
  void left(Run& run, uint64_t now_ms);
  /// … and has not ended.
  void paused(Run& run, uint64_t now_ms);
  /// It has ended, in this batch; its gates are gone from it.
  void ended(Run& run, records::RunStatus status, Ticket ticket, uint64_t now_ms);
  /// A run of some lane ended in this batch without having been read back.
  void lane_freed(Ticket ticket) { lanes_freed_ = ticket; }
  /// Time may have opened a gate.
  void tick(uint64_t now_ms);
  /// When tick() can do something next; UINT64_MAX: never.
  uint64_t next_ms() const;
  /// Runs that may come to the front again, oldest first; they are in no list.
  std::vector<Run*> take_called() { return std::exchange(called_, {}); }

  /// Why it is held, for people.
  const char* reason(const Run& run, uint64_t now_ms) const;
  /// How many wait before it at the gate that holds it; counted up to a thousand.
  uint64_t ahead(const Run& run) const;
  uint64_t held() const { return held_; }
  std::vector<FlowState> states(uint64_t now_ms) const;

 private:
  FlowGroup& group_of(const std::string& trigger, const std::string& workflow);
  bool time_stops(const FlowGroup& group, uint64_t now_ms) const;
  void call(FlowGroup& group, FlowGate& gate, uint64_t now_ms);
  void settle(Run& run, uint64_t now_ms);
  void judge(FlowGroup& group, const RunFlow& flow, records::RunStatus status, uint64_t now_ms);
  void detach(Run& run);

  std::unordered_map<std::string, FlowLimits> limits_;
  std::unordered_map<std::string, std::unique_ptr<FlowGroup>> groups_;
  std::set<FlowGroup*> timed_;  ///< somebody waits there for a time
  std::vector<Run*> called_;
  uint64_t held_ = 0;
  Ticket lanes_freed_ = 0;      ///< the batch in which a lane last came free
};

}  // namespace penstock::queue
