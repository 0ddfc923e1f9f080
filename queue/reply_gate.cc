#include "queue/reply_gate.h"

#include <iterator>
#include <utility>

namespace penstock::queue {

void ReplyGate::hold(Ticket needs, Action action) {
  if (dropped_) return;
  if (needs <= durable_) {
    free_.push_back(std::move(action));
    return;
  }
  const size_t at = needs - durable_ - 1;
  if (at >= held_.size()) held_.resize(at + 1);
  held_[at].push_back(std::move(action));
}

void ReplyGate::open(Ticket durable) {
  for (; durable_ < durable; durable_++) {
    if (held_.empty()) continue;
    std::vector<Action>& actions = held_.front();
    free_.insert(free_.end(), std::make_move_iterator(actions.begin()),
                 std::make_move_iterator(actions.end()));
    held_.pop_front();
  }
}

void ReplyGate::drop() {
  dropped_ = true;
  held_.clear();
}

std::vector<Action> ReplyGate::take() { return std::exchange(free_, {}); }

}  // namespace penstock::queue
