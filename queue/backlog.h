// The queued events that are only on disk: how many, and from which id to read on. While there are
// any, new events join them, so that the order holds. One thread.
//
// Lifecycle: starts from what recovery found; begin_refill(), then the reader's answer, ends one
// round of reading. Limitations: one round at a time.
#pragma once

#include <unordered_map>

#include "queue/reads.h"

namespace penstock::queue {

class Backlog {
 public:
  /// `count` queued events from `cursor` on.
  Backlog(Id cursor, uint64_t count) : cursor_(cursor), count_(count) {}

  uint64_t count() const { return count_; }
  /// New events need not join: nothing is here, and no reading could bring them a second time.
  bool idle() const { return count_ == 0 && !refilling_; }
  /// The smallest id that may be in it; only while count() > 0.
  Id cursor() const { return cursor_; }
  bool may_hold(Id id) const { return count_ > 0 && id >= cursor_; }

  /// A new event, accepted in batch `ticket`, stays on disk.
  void add(Id id, Ticket ticket);
  /// One of them ended without having been read, in batch `ticket`.
  void remove(Id id, Ticket ticket, Ticket durable);
  bool removed(Id id) const { return removed_.count(id) > 0; }

  /// Whether a round of reading can find anything.
  bool can_refill(Ticket durable) const;
  Refill begin_refill(size_t events_max, size_t bytes_max, Ticket durable);
  /// Keeps of the answer what is still queued. kCorrupt: events are missing from the store.
  Status end_refill(RefillAnswer& answer);

 private:
  /// Forgets the removed ones that every later reader sees as ended.
  void prune(Ticket durable);

  Id cursor_;
  uint64_t count_;
  Ticket newest_ = 0;           ///< the batch of the newest one added
  std::unordered_map<Id, Ticket> removed_;  ///< until a reader is sure to see it
  bool refilling_ = false;
  bool all_durable_ = false;    ///< when the round began
  uint64_t added_since_ = 0;    ///< since the round began
  Ticket exhausted_at_ = 0;     ///< durable ticket when a round read to the end
  bool exhausted_ = false;
};

}  // namespace penstock::queue
