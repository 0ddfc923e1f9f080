#include <algorithm>

#include "executor/flow/machine.h"

namespace penstock::flow {

Ordinal Machine::ask(Strand& strand, Purpose purpose, Effect effect) {
  const Ordinal ordinal = ++last_ordinal_;
  if (purpose == Purpose::kTask) strand.frames.back().waits_for = ordinal;
  Pending pending{std::move(effect), strand.id, static_cast<uint32_t>(strand.frames.size() - 1),
                  purpose};
  if (std::holds_alternative<Listen>(pending.effect)) listeners_++;
  pending_.emplace(ordinal, std::move(pending));
  unsent_.push_back(ordinal);
  return ordinal;
}

Ordinal Machine::ask_timer(Strand& strand, Purpose purpose, uint64_t after_ms) {
  const uint64_t due_ms = now_ms_ + after_ms;
  const Ordinal ordinal = ask(strand, purpose, Timer{last_ordinal_ + 1, due_ms});
  pending_.at(ordinal).due_ms = due_ms;
  timers_.insert(due_ms);
  return ordinal;
}

void Machine::forget(std::map<Ordinal, Pending>::iterator found) {
  if (found->second.due_ms) timers_.erase(timers_.find(found->second.due_ms));
  if (std::holds_alternative<Listen>(found->second.effect)) listeners_--;
  pending_.erase(found);
}

// What is asked for is not wanted any more.
void Machine::drop(Ordinal ordinal) {
  auto found = pending_.find(ordinal);
  if (found == pending_.end()) return;
  if (found->second.sent) out_.push_back(Cancel{ordinal});
  forget(found);
}

void Machine::append(std::string record) {
  if (next_sequence_ == 0) append_start();
  records_.emplace_back(next_sequence_++, std::move(record));
}

void Machine::append_start() {
  records_.emplace_back(next_sequence_++, start_record(own_.started_ms));
}

// Records first, then what may happen at once, then what must wait until the records are durable.
Effects Machine::flush() {
  const bool replaying = paused_ || (!arrivals_.empty() && arrivals_.front().replayed);
  if (!replaying && !finished_) {
    for (auto& [sequence, record] : records_) out_.push_back(Journal{sequence, std::move(record)});
    records_.clear();
    std::vector<Ordinal> held;
    for (const Ordinal ordinal : unsent_) {
      auto found = pending_.find(ordinal);
      if (found == pending_.end()) continue;
      Pending& pending = found->second;
      const bool harmless = pending.due_ms || std::holds_alternative<Listen>(pending.effect);
      const bool may_go = harmless || saved_ == next_sequence_ || !holds();
      if (!may_go) {
        held.push_back(ordinal);
        continue;
      }
      pending.sent = true;
      out_.push_back(std::move(pending.effect));
    }
    unsent_ = std::move(held);
  }
  return std::exchange(out_, {});
}

bool Machine::holds() const {
  return own_.program->hold_effects;
}

std::optional<uint64_t> Machine::next_due() const {
  const bool only_timers = !pending_.empty() && timers_.size() == pending_.size();
  if (!only_timers || !queue_.empty() || !arrivals_.empty()) return std::nullopt;
  return *timers_.begin();
}

std::optional<uint64_t> Machine::listening_until() const {
  if (finished_ || next_sequence_ == 0 || saved_ != next_sequence_ || listeners_ == 0)
    return std::nullopt;
  if (timers_.size() + listeners_ != pending_.size() || !caught_up()) return std::nullopt;
  return timers_.empty() ? 0 : *timers_.begin();
}

std::optional<uint64_t> Machine::idle_until() const {
  if (finished_ || next_sequence_ == 0 || saved_ != next_sequence_) return std::nullopt;
  return next_due();
}

}  // namespace penstock::flow
