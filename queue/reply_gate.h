// Holds every action back until the batch that carries its truth is durable; if that batch fails,
// the action never leaves. This is the one way out of the queue. One thread.
#pragma once

#include <deque>
#include <vector>

#include "queue/batch.h"

namespace penstock::queue {

class ReplyGate {
 public:
  /// `needs`: the batch that must be durable first; one that is already lets it through at once.
  void hold(Ticket needs, Action action);
  /// All batches up to this one are durable.
  void open(Ticket durable);
  /// The store failed: what is held says things that may not be true.
  void drop();
  std::vector<Action> take();
  bool empty() const { return held_.empty(); }

 private:
  std::deque<std::vector<Action>> held_;  ///< of the tickets after durable_, in order
  std::vector<Action> free_;
  Ticket durable_ = 0;
  bool dropped_ = false;
};

}  // namespace penstock::queue
