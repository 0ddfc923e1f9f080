#include "queue/tally.h"

namespace penstock::queue {

Tally::Tally(const records::Position& position) {
  counters_.accepted = position.accepted();
  counters_.captured = position.captured();
  counters_.filtered = position.filtered();
  counters_.succeeded = position.succeeded();
  counters_.failed = position.failed();
  counters_.cancelled = position.cancelled();
  counters_.dead = position.dead();
}

void Tally::accepted(bool captured, bool filtered) {
  counters_.accepted++;
  if (captured) counters_.captured++;
  if (captured && filtered) counters_.filtered++;
}

void Tally::ended(records::RunStatus status) {
  switch (status) {
    case records::SUCCEEDED: counters_.succeeded++; break;
    case records::CANCELLED: counters_.cancelled++; break;
    case records::DEAD: counters_.dead++; break;
    default: counters_.failed++; break;
  }
}

uint64_t Tally::unended() const {
  const Counters& c = counters_;
  return c.accepted - c.captured - c.succeeded - c.failed - c.cancelled - c.dead;
}

Counters Tally::counters() const {
  Counters all = counters_;
  all.queued = unended() - all.running - all.waiting;
  return all;
}

void Tally::write(records::Position& position) const {
  position.set_accepted(counters_.accepted);
  position.set_captured(counters_.captured);
  position.set_filtered(counters_.filtered);
  position.set_succeeded(counters_.succeeded);
  position.set_failed(counters_.failed);
  position.set_cancelled(counters_.cancelled);
  position.set_dead(counters_.dead);
}

}  // namespace penstock::queue
