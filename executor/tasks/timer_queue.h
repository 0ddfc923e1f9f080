// Timers of many runs on one libuv timer, by wall clock: waits outlive restarts, so their ends are
// points in time. Loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "executor/tasks/uv_ptr.h"
#include "proto/clock.h"

namespace penstock::executor {

class TimerQueue {
 public:
  using Key = uint64_t;

  TimerQueue(uv_loop_t* loop, const Clock& clock) : clock_(clock), timer_(new uv_timer_t) {
    uv_timer_init(loop, timer_.get());
  }

  void add(Key key, uint64_t due_ms) {
    due_[key] = due_ms;
    queue_.emplace(due_ms, key);
    arm();
  }
  void cancel(Key key) {
    auto found = due_.find(key);
    if (found == due_.end()) return;
    queue_.erase({found->second, key});
    due_.erase(found);
  }
  size_t size() const { return due_.size(); }
  std::optional<uint64_t> next_due_ms() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
  }
  /// Those whose time has come, in its order.
  std::vector<Key> take_due() {
    std::vector<Key> keys;
    const uint64_t now_ms = clock_.wall_ms();
    while (!queue_.empty() && queue_.begin()->first <= now_ms) {
      keys.push_back(queue_.begin()->second);
      due_.erase(keys.back());
      queue_.erase(queue_.begin());
    }
    arm();
    return keys;
  }

 private:
  static constexpr uint64_t kLookMsMax = 60'000;  // the wall clock may jump meanwhile

  void arm() {
    if (queue_.empty()) {
      uv_timer_stop(timer_.get());
      return;
    }
    const uint64_t now_ms = clock_.wall_ms(), due_ms = queue_.begin()->first;
    const uint64_t delay = due_ms > now_ms ? std::min(due_ms - now_ms, kLookMsMax) : 0;
    uv_update_time(timer_->loop);
    uv_timer_start(
        timer_.get(), [](uv_timer_t*) {}, delay, 0);  // only wakes the loop
  }

  const Clock& clock_;
  UvPtr<uv_timer_t> timer_;
  std::set<std::pair<uint64_t, Key>> queue_;
  std::unordered_map<Key, uint64_t> due_;
};

}  // namespace penstock::executor
