// The readers of runs' streams: each gets the pieces as they become durable, or read back from the
// store when it came late or fell behind, then the end.
//
// A reader is live while it has all that was told so far. One whose socket takes no more is paused:
// what comes meanwhile is not kept for it but read back later, so a slow reader costs its backlog's
// bound and no more, and neither the run nor another reader waits for it.
//
// Lifecycle: add() per reader; on_piece(), on_status(), on_ended() as the queue says; turn() once a
// loop turn; remove() when the client is gone. Loop thread. Limitation: one event is written whole.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "gateway/app/pending.h"
#include "gateway/app/stream_form.h"
#include "gateway/app/waiters.h"
#include "gateway/http/server.h"
#include "gateway/log/log.h"
#include "proto/clock.h"
#include "queue/service.h"

namespace penstock::gateway {

/// A reader on its way in.
struct NewReader {
  ExchangeId exchange;
  Id id;
  std::unique_ptr<StreamForm> form;
  uint32_t from = 0;                ///< the first piece it lacks
  bool caught_up = false;           ///< there are no pieces yet: nothing to read back
  queue::ResultPtr result = {};     ///< of an ended run
  HangUp hang_up = {};              ///< for the caller of the run itself
};

class Streams {
 public:
  Streams(queue::Service& queue, Server& server, Pending& pending, const Clock& clock, Logger& log)
      : queue_(queue), server_(server), pending_(pending), clock_(clock), log_(log) {}

  bool full() const { return readers_.size() >= limits::stream_readers_max; }
  size_t size() const { return readers_.size(); }
  bool watching(Id id) const { return by_run_.count(id) > 0; }
  /// `status`: what the run is now; said first.
  void add(NewReader reader, records::RunStatus status);
  void on_piece(const queue::PieceStored& stored);
  void on_status(Id id, records::RunStatus status);
  void on_ended(const queue::Ended& ended);
  /// The client is gone. What it wanted for that case; nullopt: it was no reader.
  std::optional<Departure> remove(ExchangeId exchange);
  /// Heartbeats, and readers whose backlog has gone. When it next wants to be called.
  uint64_t turn(uint64_t now_ms);
  /// Ends the streams of runs that have not begun: the gateway stops.
  void close_unstarted();
  void close_all();

 private:
  using Number = uint64_t;
  enum class State : uint8_t {
    kLive,     ///< has all that was told
    kPaused,   ///< its socket is full
    kReading,  ///< the store is asked for what it lacks
  };
  struct Reader {
    NewReader wanted;
    State state = State::kLive;
    uint32_t next = 0;       ///< the piece it gets next
    uint32_t announced = 0;  ///< pieces known to be stored
    bool look = false;       ///< there may be more in the store than was announced to it
    uint32_t in_vain = 0;    ///< pages in a row that had nothing of what was announced
    bool begun = false;      ///< its head is out
    uint64_t said_at_ms = 0;
  };
  static constexpr size_t kBacklogBytesMax = limits::write_backlog_bytes_max / 2;
  static constexpr uint64_t kPauseMs = 20;  ///< between looks at a full socket
  static constexpr uint32_t kInVainMax = 3;

  Reader* find(Number number);
  std::vector<Number> readers_of(Id id) const;
  void begin(Reader& reader);
  void write(Reader& reader, std::string_view text);
  void tell(Reader& reader, const records::StreamPiece& piece);
  void go_on(Number number);
  void read_back(Number number, Reader& reader);
  void on_page(Number number, queue::ReadDone& done);
  void finish(Number number, Reader& reader);
  void close(Number number);
  void drop(Number number);

  queue::Service& queue_;
  Server& server_;
  Pending& pending_;
  const Clock& clock_;
  Logger& log_;
  std::unordered_map<Number, Reader> readers_;
  std::unordered_multimap<Id, Number> by_run_;
  std::unordered_map<ExchangeId, Number, ExchangeHash> by_exchange_;
  std::vector<Number> paused_;
  std::string text_;  ///< scratch
  Number last_ = 0;
  uint64_t beat_at_ms_ = 0;
};

}  // namespace penstock::gateway
