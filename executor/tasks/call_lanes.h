// Who may call now: each lane (a provider of models, by its address) takes so many calls at once
// and begins so many a second; those that must wait go in turns of runs, so that a run with a
// thousand calls does not hold up a run with one. Pure bookkeeping, loop thread only.
//
// Lifecycle: want() for each call, admit() says which may go; each that was admitted or still waits
// is left by leave().
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proto/limits.h"

namespace penstock::executor {

struct LaneLimits {
  uint32_t concurrency = limits::chat_concurrency;  ///< at least 1
  double rate_per_s = 0;                            ///< 0: no limit; else a second's worth at once
};

class CallLanes {
 public:
  using Key = uint64_t;
  using Owner = uint32_t;

  explicit CallLanes(LaneLimits limits) : limits_(limits) {}

  /// `key` wants to go on this lane.
  void want(const std::string& lane, Key key, Owner owner);
  /// Those who may go now, in order.
  std::vector<Key> admit(uint64_t now_ms);
  /// It is done, or no longer wants to go. Unknown keys are ignored.
  void leave(Key key);
  /// When admit() has to be asked again although nobody left.
  std::optional<uint64_t> next_ms() const;
  size_t waiting() const { return waiting_; }

 private:
  struct Lane {
    uint32_t running = 0;
    double tokens = 0;
    uint64_t filled_ms = 0;
    std::deque<Owner> turns;  // owners with someone waiting, each once
    std::unordered_map<Owner, std::deque<Key>> queues;
  };
  struct Place {
    std::string lane;
    Owner owner;
    bool running;
  };
  bool may_go(Lane& lane, uint64_t now_ms);
  void admit_from(Lane& lane, uint64_t now_ms, std::vector<Key>& admitted);

  LaneLimits limits_;
  std::unordered_map<std::string, Lane> lanes_;
  std::unordered_map<Key, Place> places_;
  size_t waiting_ = 0;
  std::optional<uint64_t> next_ms_;
};

}  // namespace penstock::executor
