#include "executor/tasks/call_lanes.h"

#include <algorithm>
#include <cmath>

namespace penstock::executor {

static constexpr size_t kLanesMax = 1000;

void CallLanes::want(const std::string& name, Key key, Owner owner) {
  Lane& lane = lanes_[name];
  std::deque<Key>& queue = lane.queues[owner];
  if (queue.empty()) lane.turns.push_back(owner);
  queue.push_back(key);
  places_[key] = {name, owner, false};
  waiting_++;
}

std::vector<CallLanes::Key> CallLanes::admit(uint64_t now_ms) {
  std::vector<Key> admitted;
  next_ms_.reset();
  if (waiting_ == 0) return admitted;
  for (auto& [name, lane] : lanes_) admit_from(lane, now_ms, admitted);
  return admitted;
}

void CallLanes::admit_from(Lane& lane, uint64_t now_ms, std::vector<Key>& admitted) {
  while (!lane.turns.empty() && may_go(lane, now_ms)) {
    const Owner owner = lane.turns.front();
    lane.turns.pop_front();
    auto queue = lane.queues.find(owner);
    const Key key = queue->second.front();
    queue->second.pop_front();
    if (queue->second.empty()) {
      lane.queues.erase(queue);
    } else {
      lane.turns.push_back(owner);
    }
    lane.running++;
    places_.at(key).running = true;
    waiting_--;
    admitted.push_back(key);
  }
}

// Takes a token of the lane's rate, if there is one.
bool CallLanes::may_go(Lane& lane, uint64_t now_ms) {
  if (lane.running >= limits_.concurrency) return false;
  const double rate = limits_.rate_per_s;
  if (rate <= 0) return true;
  const double most = std::max(1.0, rate);
  const double passed_s = lane.filled_ms == 0 || now_ms < lane.filled_ms
                              ? most / rate  // the first one, or a clock that was put back
                              : static_cast<double>(now_ms - lane.filled_ms) / 1000;
  lane.tokens = std::min(most, lane.tokens + passed_s * rate);
  lane.filled_ms = now_ms;
  if (lane.tokens >= 1) {
    lane.tokens -= 1;
    return true;
  }
  const uint64_t wait_ms = static_cast<uint64_t>(std::ceil((1 - lane.tokens) / rate * 1000)) + 1;
  next_ms_ = std::min(next_ms_.value_or(UINT64_MAX), now_ms + wait_ms);
  return false;
}

void CallLanes::leave(Key key) {
  auto found = places_.find(key);
  if (found == places_.end()) return;
  const Place place = std::move(found->second);
  places_.erase(found);
  auto at = lanes_.find(place.lane);
  Lane& lane = at->second;
  if (place.running) {
    lane.running--;
  } else {
    std::deque<Key>& queue = lane.queues.at(place.owner);
    std::erase(queue, key);
    waiting_--;
    if (queue.empty()) {
      lane.queues.erase(place.owner);
      std::erase(lane.turns, place.owner);
    }
  }
  const bool idle = lane.running == 0 && lane.turns.empty();
  const bool forgettable = limits_.rate_per_s <= 0 || lanes_.size() > kLanesMax;
  if (idle && forgettable) lanes_.erase(at);  // of a rate the tokens are remembered
}

std::optional<uint64_t> CallLanes::next_ms() const {
  return waiting_ ? next_ms_ : std::nullopt;
}

}  // namespace penstock::executor
