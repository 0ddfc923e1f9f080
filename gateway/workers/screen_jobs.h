// The events that executors are to look at before they are kept: which wait to be sent, which were
// sent to whom, and since when. Bounded by limits::screens_max and screen_bytes_max.
//
// Loop thread. Decides only; the hub sends and calls back. Limitation: an answer from a worker that
// was given up on is ignored.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "proto/status.h"
#include "proto/worker.pb.h"

namespace penstock::gateway {

class ScreenJobs {
 public:
  using Then = std::function<void(Result<worker::Screened>)>;

  bool full() const;
  void add(worker::Screen wanted, Then then, uint64_t now_ms);
  /// The next one to be sent; 0: none.
  uint64_t next() const { return waiting_.empty() ? 0 : waiting_.front(); }
  const worker::Screen& wanted(uint64_t cookie) const { return jobs_.at(cookie).wanted; }
  size_t bytes(uint64_t cookie) const { return jobs_.at(cookie).bytes; }
  /// It went to this worker.
  void sent(uint64_t cookie, uint32_t worker);
  /// Bytes of events that this worker has and did not answer; 0: it has none.
  size_t in_flight(uint32_t worker) const;
  /// What to do with this worker's answer; nullopt: nobody waits for it.
  std::optional<Then> answered(uint64_t cookie, uint32_t worker);
  /// Its jobs go to others; those that cost too many workers are given up and returned.
  std::vector<Then> worker_gone(uint32_t worker);
  std::vector<Then> expire(uint64_t now_ms);
  size_t size() const { return jobs_.size(); }

 private:
  struct Job {
    worker::Screen wanted;
    Then then;
    size_t bytes = 0;
    uint64_t deadline_ms = 0;
    uint32_t worker = 0;  ///< 0: not sent
    uint32_t tries = 0;
  };
  Then remove(std::map<uint64_t, Job>::iterator job);

  std::map<uint64_t, Job> jobs_;  // by cookie, so by age
  std::deque<uint64_t> waiting_;
  std::map<uint32_t, size_t> in_flight_;  // by worker
  size_t bytes_ = 0;
  uint64_t last_cookie_ = 0;
};

}  // namespace penstock::gateway
