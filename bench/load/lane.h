// One connection that carries one event at a time from its POST to the end of its way: sends,
// follows the run as the target asks, records what came of it.
//
// Lifecycle: made closed; open(), then start() each time it is idle. The owner, told when it is
// idle or down, decides what comes next and when to open it again. Loop thread. Limitations: no
// pipelining: one request under way, as HTTP clients do it.
#pragma once

#include <string>

#include "bench/http/connection.h"
#include "bench/http/response_parser.h"
#include "bench/load/conversation.h"
#include "bench/load/event_stream.h"
#include "bench/load/recorder.h"
#include "bench/load/request_builder.h"
#include "bench/verify/ledger.h"
#include "bench/verify/record_file.h"

namespace penstock::bench {

class Lane;

/// What is to be sent: the events first … first+count-1.
struct Task {
  uint64_t first = 0;
  size_t count = 1;
  uint64_t planned_ns = 0;
};

class LaneOwner {
 public:
  virtual ~LaneOwner() = default;
  virtual void on_lane_idle(Lane& lane) = 0;
  /// It closed; `unanswered`: the task that got no answer, or nullptr.
  virtual void on_lane_down(Lane& lane, const Status& why, const Task* unanswered) = 0;
  /// It pauses; owner calls resume() after the poll's pause.
  virtual void on_lane_pause(Lane& lane) = 0;
};

/// What all lanes of a load share; outlives them.
struct LaneContext {
  const LoadOptions& options;
  Dialer& dialer;
  RequestBuilder& builder;
  Recorder& recorder;
  Ledger& ledger;
  RecordFile* record;  ///< may be null
  LaneOwner& owner;
};

class Lane final : public Connection::Handler {
 public:
  enum class State : uint8_t { kClosed, kOpening, kIdle, kAwaiting, kPausing };

  explicit Lane(LaneContext& context) : context_(context), connection_(context.dialer, *this) {}

  void open();
  void start(const Task& task);
  /// Asks again, after a pause.
  void resume();
  /// Gives the event up when it has taken longer than the timeout.
  void expire(uint64_t now_ns);
  /// Gives up what is under way, if anything is.
  void close();
  State state() const { return state_; }
  bool busy() const { return state_ == State::kAwaiting || state_ == State::kPausing; }

  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_closed(const Status& why) override;

 private:
  void ask(Asked what);
  void on_answer(uint64_t now_ns);
  void on_acked(uint64_t now_ns);
  void note_run(uint64_t seq, const Id& run);
  void note_batch();
  void read_stream(uint64_t now_ns);
  void act(Next next, uint64_t now_ns);
  void finish(Next next, uint64_t now_ns);
  bool echoes() const;
  void down(const Status& why);

  LaneContext& context_;
  Connection connection_;
  ResponseParser parser_;
  EventStream stream_;
  State state_ = State::kClosed;
  Asked asked_ = Asked::kPost;
  Task task_;
  uint64_t sent_ns_ = 0;
  Id run_;       // of the task under way
  Id last_run_;  // of this connection: ids only go up
};

}  // namespace penstock::bench
