// One reason for runs to wait: a lane, a limit. Counts who is inside, keeps the others in order and
// calls them one for each place that comes free. Plain data; flow.h acts on it. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "queue/linked_list.h"
#include "queue/run.h"

namespace penstock::queue {

struct FlowGate {
  uint32_t max = UINT32_MAX;   ///< inside at once
  uint32_t inside = 0;
  uint32_t called = 0;         ///< called, neither inside nor held again yet
  uint32_t users = 0;          ///< unended runs that go through it
  std::string name;            ///< under which its group knows it
  LinkedList<Run, &Run::line> waiting;

  bool has_room() const { return inside + called < max; }
};

/// Whether a failing workflow is left alone.
struct FlowBreaker {
  enum class State : uint8_t { kClosed, kOpen, kHalfOpen };
  State state = State::kClosed;
  uint32_t failures = 0;       ///< in a row
  uint64_t open_until_ms = 0;  ///< monotonic
  uint64_t opened = 0;         ///< how often
  bool probing = false;        ///< half open: the one run that tries is under way

  bool lets_through(uint64_t now_ms) const {
    if (state == State::kClosed) return true;
    return state == State::kOpen ? now_ms >= open_until_ms : !probing;
  }
};

struct FlowGroup;

/// What a run has to do with its gates; none for a run that nothing limits.
struct RunFlow {
  FlowGroup* group = nullptr;
  FlowGate* lane = nullptr;
  FlowGate* key = nullptr;
  FlowGate* held_by = nullptr;    ///< while held
  FlowGate* called_by = nullptr;
  bool head = false;              ///< the lane is its own until it ends
  bool inside = false;            ///< counted by its limits: it runs
  bool probe = false;             ///< it tries whether the workflow works again
};

}  // namespace penstock::queue
