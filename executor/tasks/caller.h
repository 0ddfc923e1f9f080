// Makes calls: takes each procedure through its exchanges over one HTTP client, holds back those
// whose lane is full (call_lanes.h), and hands on what readers are to be told.
//
// Lifecycle: start() with a key of the owner's choice, turn() once a loop turn, then take_pieces()
// and take_done(); cancel() forgets a call. Loop thread only; `clock` must outlive this.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "executor/process/process_pool.h"
#include "executor/tasks/call.h"
#include "executor/tasks/call_lanes.h"
#include "executor/tasks/http_client.h"
#include "executor/tasks/piece_gate.h"
#include "executor/tasks/timer_queue.h"

namespace penstock::executor {

struct CallerOptions {
  HttpClientOptions http;
  LaneLimits chat;  ///< of each endpoint of models
  ProcessOptions processes = {};
  bool local_files = false;  ///< file:// addresses may be read
  PieceGate::Unsure unsure = {};  ///< of what readers are told
};

class Caller {
 public:
  using Key = uint64_t;
  struct Done {
    Key key;
    flow::TaskResult result;
  };
  struct Piece {
    Key key;
    CallPiece piece;
  };
  struct Order {
    Key key;
    uint32_t owner;  ///< who takes turns with others where calls must wait
    const flow::Call& call;
    std::string idempotency_key;
    std::string told;  ///< see CallContext
  };

  Caller(uv_loop_t* loop, const Clock& clock, CallerOptions options);

  /// Begins a call; its result comes by take_done().
  void start(Order order);
  /// Nothing more is heard of it but, perhaps, that what it told is void.
  void cancel(Key key);
  /// True: take_pieces() or take_done() has something.
  bool turn();
  /// All of a call's pieces come before it is done.
  std::vector<Piece> take_pieces() { return std::exchange(told_, {}); }
  std::vector<Done> take_done() { return std::exchange(done_, {}); }
  /// There is something to take, or a turn() would find something.
  bool ready() const {
    return !done_.empty() || !told_.empty() || client_.has_done() || processes_.has_done();
  }
  size_t in_flight() const { return calls_.size(); }

 private:
  struct Call {
    std::unique_ptr<CallProcedure> procedure;
    HttpClient::Token exchange = 0;  // 0: none under way
    ProcessPool::Token process = 0;
    std::unique_ptr<HttpRequest> queued;  // waits for its lane
    uint32_t owner = 0;
    PieceGate gate;
  };
  void advance(Key key, Call& call, CallStep step);
  void send(Key key, Call& call, HttpRequest request);
  void receive(const HttpClient::Data& data);
  void turn_processes();
  void end_exchange(Key key, Call& call);
  void tell(Key key, Call& call);
  void admit();
  void hang_up_lingering(uint64_t now_ms);

  const Clock& clock_;
  HttpClient client_;
  ProcessPool processes_;
  bool local_files_;
  PieceGate::Unsure unsure_;
  CallLanes lanes_;
  TimerQueue pauses_, flushes_, lane_timer_;
  CallCaches caches_;
  std::unordered_map<Key, Call> calls_;
  std::unordered_map<HttpClient::Token, Key> exchanges_;
  std::unordered_map<ProcessPool::Token, Key> started_;
  // Replies that have said enough: their connections may be kept if they end soon.
  std::deque<std::pair<uint64_t, HttpClient::Token>> lingering_;
  std::vector<Piece> told_;
  std::vector<Done> done_;
};

}  // namespace penstock::executor
