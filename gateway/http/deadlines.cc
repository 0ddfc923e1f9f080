#include "gateway/http/deadlines.h"

#include <algorithm>

namespace penstock::gateway {

void DeadlineNode::unlink() {
  before_->after_ = after_;
  after_->before_ = before_;
  before_ = after_ = this;
  kind_ = Deadline::kNone;
}

void Deadlines::set(DeadlineNode& node, Deadline kind, uint64_t now_ms) {
  node.unlink();
  if (kind == Deadline::kNone) return;
  DeadlineNode& list = lists_[static_cast<size_t>(kind)];
  node.kind_ = kind;
  node.at_ms_ = now_ms + durations_[static_cast<size_t>(kind)];
  node.before_ = list.before_;
  node.after_ = &list;
  list.before_->after_ = &node;
  list.before_ = &node;
}

DeadlineNode* Deadlines::take_due(uint64_t now_ms, Deadline& kind) {
  for (DeadlineNode& list : lists_) {
    DeadlineNode* first = list.after_;
    if (first == &list || first->at_ms_ > now_ms) continue;
    kind = first->kind_;
    first->unlink();
    return first;
  }
  return nullptr;
}

uint64_t Deadlines::next_ms() const {
  uint64_t next = never;
  for (const DeadlineNode& list : lists_) {
    if (list.after_ != &list) next = std::min(next, list.after_->at_ms_);
  }
  return next;
}

}  // namespace penstock::gateway
