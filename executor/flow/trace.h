// A run's timeline: the newest tasks with when they began and ended and how. Bounded; the nodes it
// points to live in the run's programs.
#pragma once

#include <cstdint>
#include <vector>

#include "executor/flow/node.h"
#include "proto/limits.h"

namespace penstock::flow {

enum class TaskStatus : uint8_t { kRunning, kSucceeded, kFailed, kSkipped, kCancelled };

struct Trace {
  const Node* node = nullptr;
  uint64_t number = 0;  ///< in the order in which tasks began, from 1
  uint64_t started_ms = 0, finished_ms = 0;
  uint32_t attempts = 1;
  TaskStatus status = TaskStatus::kRunning;
};

class TraceLog {
 public:
  /// A task begins; the number names it for end().
  uint64_t begin(const Node& node, uint64_t now_ms) {
    const uint64_t number = ++last_;
    const Trace trace{&node, number, now_ms, 0, 1, TaskStatus::kRunning};
    if (entries_.size() < limits::flow_traces_max) {
      entries_.push_back(trace);
    } else {
      entries_[slot(number)] = trace;
    }
    return number;
  }
  /// It ended; forgotten when newer tasks have pushed it out.
  void end(uint64_t number, TaskStatus status, uint32_t attempts, uint64_t now_ms) {
    if (number == 0 || number + entries_.size() <= last_) return;
    Trace& trace = entries_[slot(number)];
    trace.status = status;
    trace.attempts = attempts;
    trace.finished_ms = now_ms;
  }
  /// In the order in which they began.
  std::vector<Trace> entries() const {
    std::vector<Trace> ordered;
    ordered.reserve(entries_.size());
    for (uint64_t number = last_ - entries_.size() + 1; number <= last_; number++) {
      ordered.push_back(entries_[slot(number)]);
    }
    return ordered;
  }

 private:
  static size_t slot(uint64_t number) { return (number - 1) % limits::flow_traces_max; }

  std::vector<Trace> entries_;
  uint64_t last_ = 0;
};

}  // namespace penstock::flow
