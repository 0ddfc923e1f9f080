#include "queue/backlog.h"

#include <algorithm>

namespace penstock::queue {

static Id greatest() {
  Id id;
  id.bytes.fill(0xff);
  return id;
}

void Backlog::add(Id id, Ticket ticket) {
  if (count_++ == 0 && !refilling_) cursor_ = id;
  newest_ = ticket;
  added_since_++;
}

void Backlog::remove(Id id, Ticket ticket, Ticket durable) {
  static constexpr size_t kPruneAt = 1024;
  if (!refilling_ && removed_.size() >= kPruneAt) prune(durable);
  removed_.emplace(id, ticket);
  count_--;
}

void Backlog::prune(Ticket durable) {
  std::erase_if(removed_, [durable](const auto& entry) { return entry.second <= durable; });
}

bool Backlog::can_refill(Ticket durable) const {
  return count_ > 0 && !refilling_ && (!exhausted_ || durable > exhausted_at_);
}

Refill Backlog::begin_refill(size_t events_max, size_t bytes_max, Ticket durable) {
  refilling_ = true;
  all_durable_ = newest_ <= durable;
  added_since_ = 0;
  exhausted_at_ = durable;
  prune(durable);
  return {cursor_, greatest(), events_max, bytes_max};
}

Status Backlog::end_refill(RefillAnswer& answer) {
  refilling_ = false;
  exhausted_ = answer.at_end;
  const auto gone = [this](const BacklogEvent& found) { return removed(found.event->id); };
  std::erase_if(answer.events, gone);
  if (answer.events.size() > count_)
    return Status::corrupt("the store holds more queued events than were accepted");
  count_ -= answer.events.size();
  cursor_ = std::max(cursor_, answer.next);
  if (answer.at_end && all_durable_ && count_ > added_since_)
    return Status::corrupt(std::to_string(count_ - added_since_) +
                           " accepted events are missing from the store");
  return {};
}

}  // namespace penstock::queue
