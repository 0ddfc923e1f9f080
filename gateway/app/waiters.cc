#include "gateway/app/waiters.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

bool Waiters::full() const { return by_deadline_.size() >= limits::held_replies_max; }

void Waiters::add(Waiter waiter) {
  const Id id = waiter.id;
  const ExchangeId exchange = waiter.exchange;
  const auto entry = by_deadline_.emplace(waiter.deadline_ms, std::move(waiter));
  by_id_.emplace(id, entry);
  by_exchange_.emplace(exchange, entry);
}

/// Takes the entry out of the two indexes; the caller erases it from the deadlines.
void Waiters::unlink(Deadlines::iterator entry) {
  by_exchange_.erase(entry->second.exchange);
  const auto [from, to] = by_id_.equal_range(entry->second.id);
  for (auto it = from; it != to; ++it) {
    if (it->second != entry) continue;
    by_id_.erase(it);
    return;
  }
}

std::optional<Departure> Waiters::departure(ExchangeId exchange) const {
  const auto found = by_exchange_.find(exchange);
  if (found == by_exchange_.end()) return std::nullopt;
  return Departure{found->second->second.id, found->second->second.hang_up};
}

std::optional<Departure> Waiters::remove(ExchangeId exchange) {
  const auto found = by_exchange_.find(exchange);
  if (found == by_exchange_.end()) return std::nullopt;
  const auto entry = found->second;
  const Departure departure{entry->second.id, entry->second.hang_up};
  unlink(entry);
  by_deadline_.erase(entry);
  return departure;
}

std::vector<Waiter> Waiters::take_for_reply(Id id) {
  std::vector<Waiter> taken = take(id);
  const auto split = std::stable_partition(taken.begin(), taken.end(), [](const Waiter& waiter) {
    return waiter.kind != Waiter::Kind::kStatus;
  });
  for (auto it = split; it != taken.end(); ++it) add(std::move(*it));
  taken.erase(split, taken.end());
  return taken;
}

std::vector<Waiter> Waiters::take(Id id) {
  std::vector<Waiter> taken;
  const auto [from, to] = by_id_.equal_range(id);
  for (auto it = from; it != to; ++it) {
    by_exchange_.erase(it->second->second.exchange);
    taken.push_back(std::move(it->second->second));
    by_deadline_.erase(it->second);
  }
  by_id_.erase(from, to);
  return taken;
}

std::vector<Waiter> Waiters::take_expired(uint64_t now_ms) {
  std::vector<Waiter> taken;
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now_ms) {
    unlink(by_deadline_.begin());
    taken.push_back(std::move(by_deadline_.begin()->second));
    by_deadline_.erase(by_deadline_.begin());
  }
  return taken;
}

std::vector<Waiter> Waiters::take_all() { return take_expired(UINT64_MAX); }

uint64_t Waiters::next_deadline_ms() const {
  return by_deadline_.empty() ? UINT64_MAX : by_deadline_.begin()->first;
}

}  // namespace penstock::gateway
