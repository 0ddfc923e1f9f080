// Ports that do their work when the world says so: commits and reads lag, fail and are lost.
#pragma once

#include <algorithm>
#include <deque>
#include <iterator>

#include "queue/commit.h"
#include "queue/ports.h"

namespace penstock::world {

class WorldCommits final : public queue::CommitPort {
 public:
  WorldCommits(queue::Store& store, uint64_t sequence) : step_(store, sequence) {}

  void push(queue::Batch batch) override { waiting_.push_back(std::move(batch)); }
  queue::Ticket durable() const override { return durable_; }
  Status fault() const override { return fault_; }
  bool writable() const override { return fault_.ok() && writable_; }
  queue::CommitCounts counts() const override { return {}; }

  size_t waiting() const { return waiting_.size(); }
  void set_writable(bool writable) { writable_ = writable; }
  /// Makes up to `count` batches durable as one commit; `told`: the service hears of it.
  bool commit(size_t count, bool told) {
    if (waiting_.empty() || !fault_.ok()) return false;
    const auto end = waiting_.begin() + static_cast<long>(std::min(count, waiting_.size()));
    std::vector<queue::Batch> batches(std::make_move_iterator(waiting_.begin()),
                                      std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    fault_ = step_.run(batches);
    if (told && fault_.ok()) durable_ = batches.back().ticket;
    return fault_.ok();
  }
  /// The disk is broken from here on.
  void fail() { fault_ = Status::io("the world's disk failed"); }

 private:
  queue::Commit step_;
  std::deque<queue::Batch> waiting_;
  queue::Ticket durable_ = 0;
  Status fault_;
  bool writable_ = true;
};

class WorldReads final : public queue::ReadPort {
 public:
  explicit WorldReads(const queue::Store& store) : store_(store) {}

  void push(queue::ReadJob job) override { waiting_.push_back(std::move(job)); }
  std::vector<queue::ReadReply> take() override { return std::exchange(done_, {}); }
  size_t pending() const override { return waiting_.size() + done_.size(); }

  /// Reads now; the service hears of it at its next turn.
  bool read_one() {
    if (waiting_.empty()) return false;
    done_.push_back(queue::perform(store_, std::move(waiting_.front())));
    waiting_.pop_front();
    return true;
  }

 private:
  const queue::Store& store_;
  std::deque<queue::ReadJob> waiting_;
  std::vector<queue::ReadReply> done_;
};

}  // namespace penstock::world
