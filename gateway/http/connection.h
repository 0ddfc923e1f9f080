// One client's connection: takes requests off the byte stream, hands them to the application, and
// sends the answers in order.
//
// Lifecycle: made by the server for an accepted socket; ends itself (close()) and is then freed by
// the server when none of its functions is on the stack. Thread: the loop's.
//
//   kIdle ──bytes──► kHead ──head whole──► kBody | kChunks ──body whole──► kIdle …
//     any of them ──refusal, "close", end of input──► kDone ──last answer out──► kLinger ──►
//     kClosed
//
// Limitations: requests of one connection are read one after another; up to
// limits::pipelined_requests_max wait for answers at once, then input waits in the socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/answers.h"
#include "gateway/http/chunk_reader.h"
#include "gateway/http/deadlines.h"
#include "gateway/http/exchange.h"
#include "gateway/http/front_end.h"
#include "gateway/http/transport.h"

namespace penstock::gateway {

class Connection final : private Transport::Sink, public DeadlineNode {
 public:
  /// `slot` and `generation` are its name in ExchangeIds.
  Connection(FrontEnd& front, Handler& handler, uint32_t slot, uint32_t generation);
  ~Connection();

  Status accept(uv_stream_t* listener, std::shared_ptr<TlsContext> tls);
  /// Answers 503 and ends: there are too many connections.
  void turn_away();

  void respond(uint32_t sequence, Response response);
  void stream_begin(uint32_t sequence, Response response);
  bool stream_write(uint32_t sequence, std::string_view bytes);
  size_t stream_backlog(uint32_t sequence);
  void stream_end(uint32_t sequence);

  /// Writes what is due, then goes on with input that waited for it.
  void flush();
  /// Its deadline has passed; it is unlinked already.
  void on_deadline(Deadline kind);
  /// The server takes no more requests: ends it if it is idle.
  void drain();
  void close();
  uint32_t generation() const { return generation_; }

 private:
  enum class State : uint8_t {
    kIdle,    ///< between requests; not a byte of the next is there
    kHead,    ///< a head is incomplete
    kBody,    ///< a body of known length is incomplete
    kChunks,  ///< a chunked body is incomplete
    kDone,    ///< no more requests are read; answers may still leave
    kLinger,  ///< our side is shut; input is dropped until the client ends or time is up
    kClosed,
  };
  struct Request;  // request.h: the parts of an incomplete request

  void on_bytes(std::string_view bytes) override;
  void on_end() override;
  void on_broken() override;
  void on_written() override;

  // connection_input.cc
  void take(std::string_view in);
  void take_head(std::string_view& in);
  void continue_head(std::string_view& in);
  void begin(std::string_view head, const HeadFacts& facts, std::string_view& in);
  bool refused(BodyPlan plan, std::string_view& in);
  void begin_body(std::string_view head, const HeadFacts& facts, uint64_t bytes_max,
                  std::string_view& in);
  void take_body(std::string_view& in);
  void take_chunks(std::string_view& in);
  bool received(size_t bytes);
  void deliver(const RequestHead& head, Body body);
  void deliver_partial();
  void drop_request();
  void drop_input(size_t bytes);
  void hold(std::string_view in);
  void resume();
  bool full() const;
  void end_input();

  // connection_output.cc
  void refuse(const Refusal& refusal, uint32_t retry_after_s = 0);
  void answer_last(Response response);
  void pump();
  bool pump_stream(Answer& answer);
  void send(const Answer& answer, Response&& response);
  void send_head(const Answer& answer, const Response& response, BodyEnd end);
  void send_piece(const Answer& answer, std::string_view bytes);
  void answered();
  void finish();

  // connection.cc
  void settle();
  void linger();
  void gone();
  void tell_gone(const std::vector<uint32_t>& sequences);
  void mark_dirty();
  void start(Deadline kind);
  void update_deadline();
  Deadline wanted_deadline() const;
  void check_body_rate();
  void check_write_progress();
  ExchangeId id(uint32_t sequence) const { return {slot_, generation_, sequence}; }

  FrontEnd& front_;
  Handler& handler_;
  Transport transport_;
  Answers answers_;
  std::unique_ptr<Request> request_;   ///< only while one is incomplete
  std::unique_ptr<std::string> held_;  ///< input that waits for answers to leave
  uint32_t slot_;
  uint32_t generation_;
  size_t dropped_ = 0;       ///< bytes read behind the last request
  size_t backlog_seen_ = 0;  ///< what waited to be written when last looked at
  State state_ = State::kIdle;
  bool used_ = false;             ///< a request has come
  bool last_request_ = false;     ///< its client said "close"
  bool last_answer_out_ = false;  ///< nothing more is to be sent
  bool input_ended_ = false;
  bool dirty_ = false;
};

}  // namespace penstock::gateway
