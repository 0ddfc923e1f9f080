// The deliveries that were copies of an earlier one: of each trigger the last ones, for its senders'
// ledger. A copy is no event and leaves nothing on disk.
//
// Loop thread. In memory only: a restart forgets. Bounded by limits::rejections_kept_max a trigger
// and limits::rejections_max over all; beyond, the oldest go.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "proto/clock.h"
#include "proto/id.h"
#include "proto/limits.h"

namespace penstock::gateway {

struct Copy {
  Id first;            ///< the event that it is a copy of
  uint64_t at_ms = 0;  ///< wall clock
};

class Copies {
 public:
  explicit Copies(const Clock& clock) : clock_(clock) {}

  void note(const std::string& trigger, Id first) {
    std::deque<Copy>& kept = by_trigger_[trigger];
    kept.push_back({first, clock_.wall_ms()});
    if (kept.size() > limits::rejections_kept_max) kept.pop_front();
    if (by_trigger_.size() * limits::rejections_kept_max > limits::rejections_max) forget_oldest();
  }
  void forget(const std::string& trigger) { by_trigger_.erase(trigger); }
  /// Newest first.
  std::vector<Copy> of(const std::string& trigger) const {
    const auto found = by_trigger_.find(trigger);
    if (found == by_trigger_.end()) return {};
    return {found->second.rbegin(), found->second.rend()};
  }

 private:
  void forget_oldest() {
    auto oldest = by_trigger_.begin();
    for (auto each = by_trigger_.begin(); each != by_trigger_.end(); ++each)
      if (each->second.back().at_ms < oldest->second.back().at_ms) oldest = each;
    by_trigger_.erase(oldest);
  }

  const Clock& clock_;
  std::map<std::string, std::deque<Copy>> by_trigger_;
};

}  // namespace penstock::gateway
