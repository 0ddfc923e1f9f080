// Makes calls: takes each procedure through its exchanges over one HTTP client.
//
// Lifecycle: start() with a key of the owner's choice, turn() once a loop turn, take_done() gives
// the results; cancel() forgets a call. Loop thread only.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "executor/tasks/call.h"
#include "executor/tasks/http_client.h"

namespace penstock::executor {

class Caller {
 public:
  using Key = uint64_t;
  struct Done {
    Key key;
    flow::TaskResult result;
  };

  Caller(uv_loop_t* loop, HttpClientOptions options) : client_(loop, std::move(options)) {}

  /// Begins a call; its result comes by take_done().
  void start(Key key, const flow::Call& call, std::string idempotency_key, uint64_t now_ms);
  void cancel(Key key);
  /// True: take_done() has something.
  bool turn();
  std::vector<Done> take_done() { return std::exchange(done_, {}); }
  size_t in_flight() const { return calls_.size(); }

 private:
  struct Call {
    std::unique_ptr<CallProcedure> procedure;
    HttpClient::Token exchange = 0;
  };
  void advance(Key key, Call& call, CallStep step);

  HttpClient client_;
  CallCaches caches_;
  std::unordered_map<Key, Call> calls_;
  std::unordered_map<HttpClient::Token, Key> exchanges_;
  std::vector<Done> done_;
};

}  // namespace penstock::executor
