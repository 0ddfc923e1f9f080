// The reader thread: point reads, pages, the backlog's next piece, retention sweeps. What running
// work waits for goes before what people browse.
//
// Lifecycle: runs from construction; the destructor drops what is not answered, then joins.
// Threads: push() and take() from the loop; `wake` is called from the reader thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "queue/ports.h"

namespace penstock::queue {

class Reader final : public ReadPort {
 public:
  Reader(const Store& store, std::function<void()> wake);
  ~Reader() override;

  void push(ReadJob job) override;
  std::vector<ReadReply> take() override;
  size_t pending() const override { return pending_; }

 private:
  void run();
  bool next(ReadJob& job);

  const Store& store_;
  const std::function<void()> wake_;
  size_t pending_ = 0;  // loop thread only

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<ReadJob> urgent_, browsing_;
  std::vector<ReadReply> done_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses all the others
};

}  // namespace penstock::queue
