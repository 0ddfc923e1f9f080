// The commit thread. It takes whatever has gathered in its mailbox while the last fsync ran, writes
// it as one commit, and says how far it got: that is the whole group commit.
//
// Lifecycle: runs from construction; the destructor writes what is in the mailbox, then joins.
// Threads: push() and the getters from the loop; `wake` is called from the commit thread.
// Limitations: a full disk is waited out (the batches stay here meanwhile); any other failed write
// is final, because a repeated fsync may say yes to bytes that are gone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "proto/clock.h"
#include "queue/commit.h"
#include "queue/ports.h"

namespace penstock::queue {

class Committer final : public CommitPort {
 public:
  Committer(Store& store, uint64_t sequence, const Clock& clock, std::function<void()> wake);
  ~Committer() override;

  void push(Batch batch) override;
  Ticket durable() const override { return durable_.load(std::memory_order_acquire); }
  Status fault() const override;
  bool writable() const override;
  CommitCounts counts() const override;

 private:
  void run();
  /// Waits for batches, a second at most; false: stop.
  bool collect(std::vector<Batch>& batches);
  /// How long to let more gather before the next commit, from how the last ones went.
  uint64_t linger_us() const;
  void linger();
  Status commit(const std::vector<Batch>& batches);
  /// Until there is space again, or the end.
  Status wait_for_space();
  void count(const std::vector<Batch>& batches, uint64_t us);
  void upkeep();
  void fail(Status status);

  Store& store_;
  Commit step_;
  const Clock& clock_;
  const std::function<void()> wake_;
  std::atomic<Ticket> durable_{0};
  std::atomic<bool> failed_{false};
  std::atomic<bool> healing_{false};
  uint64_t upkeep_at_ms_ = 0;      // these three: commit thread only
  uint64_t last_us_ = 0;           // what the last commit took …
  size_t last_batches_ = 0;        // … and how many turns of the loop had gathered for it

  mutable std::mutex mutex_;
  std::condition_variable gathered_;
  std::vector<Batch> mailbox_;
  bool stopping_ = false;
  bool idle_ = false;              // the thread waits for the first batch: wake it
  Status fault_;
  CommitCounts counts_;

  std::thread thread_;             // last: it uses all the others
};

}  // namespace penstock::queue
