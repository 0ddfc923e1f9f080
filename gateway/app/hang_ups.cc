#include "gateway/app/hang_ups.h"

#include "proto/limits.h"

namespace penstock::gateway {

HangUp HangUp::of(const records::TriggerDefinition& trigger) {
  const records::ReplyRules& rules = trigger.replies();
  if (rules.on_hang_up() == "cancel") return {Policy::kCancel, 0};
  if (rules.on_hang_up() == "grace")
    return {Policy::kGrace, rules.grace_ms() ? rules.grace_ms() : limits::hang_up_grace_ms};
  return {};
}

void HangUps::left(const Departure& departure, uint64_t now_ms) {
  if (departure.hang_up.policy == HangUp::Policy::kContinue) return;
  returned(departure.id);
  by_id_[departure.id] = by_time_.emplace(now_ms + departure.hang_up.grace_ms, departure.id);
}

void HangUps::returned(Id id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_time_.erase(found->second);
  by_id_.erase(found);
}

std::vector<Id> HangUps::take_due(uint64_t now_ms) {
  std::vector<Id> due;
  while (!by_time_.empty() && by_time_.begin()->first <= now_ms) {
    due.push_back(by_time_.begin()->second);
    returned(due.back());
  }
  return due;
}

}  // namespace penstock::gateway
