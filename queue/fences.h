// Fencing tokens: each lease gets a greater one than all before, also across restarts. Tokens are
// reserved on disk in blocks, and none is used before its block is durable. One thread.
#pragma once

#include <cstdint>

#include "proto/limits.h"
#include "queue/batch.h"

namespace penstock::queue {

class Fences {
 public:
  /// `reserved`: the mark an earlier life left; all below may have been used.
  explicit Fences(uint64_t reserved) : last_(reserved), reserved_(reserved), usable_(reserved) {}

  struct Fence { uint64_t token; Ticket ticket; };
  /// A new token, and the batch that must be durable before it is seen outside.
  Fence next() {
    last_++;
    return {last_, last_ > usable_ ? ticket_ : usable_ticket_};
  }

  /// Reserves the next block ahead of need, in the batch `ticket`. True: the mark went up.
  bool reserve(Ticket ticket) {
    if (last_ + limits::fence_block / 2 < reserved_) return false;
    usable_ = reserved_;
    usable_ticket_ = ticket_;
    reserved_ += limits::fence_block;
    ticket_ = ticket;
    return true;
  }
  uint64_t mark() const { return reserved_; }

 private:
  uint64_t last_;
  uint64_t reserved_;  ///< the newest mark, perhaps not durable yet
  uint64_t usable_;    ///< the mark before it
  Ticket ticket_ = 0;  ///< of the newest mark
  Ticket usable_ticket_ = 0;
};

}  // namespace penstock::queue
