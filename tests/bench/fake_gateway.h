// A gateway in a thread of the test, with faults to order: what the load generator must survive and
// the verifier must find. Speaks just enough HTTP.
//
// Lifecycle: listens when made, ends in the destructor. The faults are set before the load begins.
#pragma once

#include <poll.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "proto/clock.h"
#include "proto/id.h"

namespace penstock::bench {

struct Faults {
  uint64_t forget_each = 0;   ///< acknowledge, but forget each nth event
  uint64_t refuse_each = 0;   ///< 503 for each nth
  uint64_t hang_up_each = 0;  ///< keep the event, then close instead of answering, each nth
  uint64_t repeat_each = 0;   ///< name the previous event's run again, each nth
  uint64_t never_end_each = 0;
  uint64_t looks_to_end = 0;  ///< how often a run is seen running before it has succeeded
  bool wrong_echo = false;
  uint64_t answer_after_us = 0;
};

class FakeGateway {
 public:
  explicit FakeGateway(const Faults& faults);
  ~FakeGateway();
  std::string url(const std::string& path = "/hooks/x") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  uint64_t posts() const { return posts_; }
  uint64_t kept() const { return kept_; }

 private:
  struct Peer {
    int socket;
    std::string in;
  };
  struct Run {
    std::string body;
    uint64_t looks = 0;
    bool endless = false;
  };
  void serve();
  bool read_from(Peer& peer);
  bool answer(Peer& peer, const std::string& head, const std::string& body);
  std::string post(const std::string& body, bool& hang_up);
  std::string get(const std::string& path);
  bool each(uint64_t n) const { return n && posts_ % n == 0; }

  Faults faults_;
  SystemClock clock_;
  IdGenerator ids_;
  int listener_;
  uint16_t port_ = 0;
  std::vector<Peer> peers_;
  std::map<std::string, Run> runs_;
  std::string last_;
  std::atomic<uint64_t> posts_{0}, kept_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace penstock::bench
