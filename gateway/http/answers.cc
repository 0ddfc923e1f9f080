#include "gateway/http/answers.h"

namespace penstock::gateway {

uint32_t Answers::open(Answer answer) {
  queue_.push_back(std::move(answer));
  return first_ + static_cast<uint32_t>(queue_.size() - 1);
}

Answer* Answers::find(uint32_t sequence) {
  const uint32_t at = sequence - first_;  // wraps for those that have left
  return at < queue_.size() ? &queue_[at] : nullptr;
}

void Answers::pop() {
  queue_.erase(queue_.begin());
  first_++;
  if (queue_.empty() && queue_.capacity() > 1) queue_.shrink_to_fit();
}

size_t Answers::held_bytes() const {
  size_t bytes = 0;
  for (const Answer& answer : queue_) bytes += answer.held ? answer.held->body.size() : 0;
  return bytes;
}

void Answers::clear() {
  first_ += static_cast<uint32_t>(queue_.size());
  queue_.clear();
}

std::vector<uint32_t> Answers::with_application() const {
  std::vector<uint32_t> sequences;
  for (size_t i = 0; i < queue_.size(); i++) {
    const Answer::Phase phase = queue_[i].phase;
    if (phase != Answer::Phase::kWaiting && phase != Answer::Phase::kStreaming) continue;
    sequences.push_back(first_ + static_cast<uint32_t>(i));
  }
  return sequences;
}

}  // namespace penstock::gateway
