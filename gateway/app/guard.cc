#include "gateway/app/guard.h"

#include "proto/limits.h"

namespace penstock::gateway {

void Guard::failed(const std::string& who) {
  const uint64_t now = clock_.monotonic_ms();
  auto found = failures_.find(who);
  if (found == failures_.end()) {
    if (failures_.size() >= limits::guessers_max) {
      failures_.erase(failures_by_age_.front());
      failures_by_age_.pop_front();
    }
    const auto age = failures_by_age_.insert(failures_by_age_.end(), who);
    found = failures_.emplace(who, Failures{now, 0, age}).first;
  }
  Failures& failures = found->second;
  if (now - failures.since_ms >= limits::guess_window_ms) {
    failures.since_ms = now;
    failures.count = 0;
    failures_by_age_.splice(failures_by_age_.end(), failures_by_age_, failures.age);
  }
  failures.count++;
}

uint32_t Guard::wait_s(const std::string& who, uint32_t failures_max) const {
  const auto found = failures_.find(who);
  if (found == failures_.end() || found->second.count < failures_max) return 0;
  const uint64_t spent = clock_.monotonic_ms() - found->second.since_ms;
  if (spent >= limits::guess_window_ms) return 0;
  return static_cast<uint32_t>((limits::guess_window_ms - spent + 999) / 1000);
}

void Guard::used(const std::string& key_hash) {
  Use& use = uses_[key_hash];  // keys are the operators' own: bounded by what they made
  use.count++;
  use.last_at_ms = clock_.wall_ms();
}

Guard::Use Guard::use_of(const std::string& key_hash) const {
  const auto found = uses_.find(key_hash);
  return found == uses_.end() ? Use{} : found->second;
}

void Guard::forget_old_signatures(uint64_t now_ms) {
  while (!seen_by_age_.empty()) {
    const auto oldest = seen_.find(seen_by_age_.front());
    if (seen_.size() < limits::seen_signatures_max && oldest->second.until_ms > now_ms) return;
    seen_.erase(oldest);
    seen_by_age_.pop_front();
  }
}

Guard::Sight Guard::sight(const std::string& signature, std::string_view name, uint64_t window_ms) {
  const uint64_t now = clock_.monotonic_ms();
  forget_old_signatures(now);
  const size_t hash = std::hash<std::string_view>()(name);
  const auto found = seen_.find(signature);
  if (found != seen_.end() && found->second.until_ms > now) {
    const Seen& seen = found->second;
    return seen.named && !name.empty() && seen.name_hash == hash ? Sight::kAgain
                                                                 : Sight::kElsewhere;
  }
  if (found != seen_.end()) forget_signature(signature);
  const auto age = seen_by_age_.insert(seen_by_age_.end(), signature);
  seen_.emplace(signature, Seen{now + window_ms, hash, !name.empty(), age});
  return Sight::kFirst;
}

void Guard::forget_signature(const std::string& signature) {
  const auto found = seen_.find(signature);
  if (found == seen_.end()) return;
  seen_by_age_.erase(found->second.age);
  seen_.erase(found);
}

}  // namespace penstock::gateway
