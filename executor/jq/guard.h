// Keeps one run within its budget. What passes a bound is noted once, by name; the run ends.
//
// Lifecycle: one a run. Thread: the run's.
#pragma once

#include <string>

#include "executor/jq/jq.h"

namespace penstock::jq {

class Guard {
 public:
  explicit Guard(const Budget& budget);

  /// Counts work that is not an instruction. False: too much.
  bool spend(uint64_t steps) {
    steps_ += steps;
    return steps_ <= budget_.steps || breach("steps", budget_.steps);
  }
  /// Work that grows with the size of `value`.
  bool spend_on(const json::Value& value) { return spend(1 + value.weight() / bytes_per_step); }
  /// About to make that many bytes more. False: too many.
  bool room_for(uint64_t bytes);
  /// A value of that size, when written, is about to be made.
  bool value_fits(uint64_t bytes) {
    return bytes <= budget_.value_bytes || breach("value_bytes", budget_.value_bytes);
  }
  /// The value that was just made is neither too large nor too deep.
  bool accepts(const json::Value& value);
  bool depth_fits(size_t calls) { return calls <= budget_.depth || breach("depth", budget_.depth); }
  bool outputs_fit(size_t outputs) {
    return outputs <= budget_.outputs || breach("outputs", budget_.outputs);
  }

  bool breached() const { return !limit_.empty(); }
  const std::string& limit() const { return limit_; }
  uint64_t steps() const { return steps_; }
  Error error() const;

 private:
  static constexpr uint64_t bytes_per_step = 16;

  bool breach(const char* limit, uint64_t bound);

  Budget budget_;
  int64_t bytes_before_;
  uint64_t steps_ = 0;
  std::string limit_;
  uint64_t bound_ = 0;
};

}  // namespace penstock::jq
