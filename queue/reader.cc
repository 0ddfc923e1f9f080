#include "queue/reader.h"

namespace penstock::queue {

static bool is_browsing(const ReadJob& job) {
  return std::holds_alternative<ReadList>(job) || std::holds_alternative<SweepRetention>(job);
}

Reader::Reader(const Store& store, std::function<void()> wake)
    : store_(store), wake_(std::move(wake)) {
  thread_ = std::thread([this] { run(); });
}

Reader::~Reader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_one();
  thread_.join();
}

void Reader::push(ReadJob job) {
  pending_++;
  {
    const std::lock_guard lock(mutex_);
    (is_browsing(job) ? browsing_ : urgent_).push_back(std::move(job));
  }
  wanted_.notify_one();
}

std::vector<ReadReply> Reader::take() {
  if (pending_ == 0) return {};
  std::vector<ReadReply> replies;
  {
    const std::lock_guard lock(mutex_);
    replies.swap(done_);
  }
  pending_ -= replies.size();
  return replies;
}

bool Reader::next(ReadJob& job) {
  std::unique_lock lock(mutex_);
  wanted_.wait(lock, [this] { return stopping_ || !urgent_.empty() || !browsing_.empty(); });
  if (stopping_) return false;
  std::deque<ReadJob>& from = urgent_.empty() ? browsing_ : urgent_;
  job = std::move(from.front());
  from.pop_front();
  return true;
}

void Reader::run() {
  for (ReadJob job; next(job);) {
    ReadReply reply = perform(store_, std::move(job));
    {
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(reply));
    }
    wake_();
  }
}

}  // namespace penstock::queue
