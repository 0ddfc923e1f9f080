// Runs as callers see them: GET /v1/runs/{id}, …/result, …/events, POST …/cancel; the end of every
// wait, and what becomes of a run whose caller hangs up.
//
// Loop thread. What memory does not know is read on the queue's reader thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "gateway/app/context.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

class Runs {
 public:
  explicit Runs(Context& context) : context_(context) {}

  static bool is_ours(std::string_view path) { return path.starts_with("/v1/runs/"); }
  BodyPlan on_head(const RequestHead& head);
  void on_request(ExchangeId exchange, const RequestHead& head);
  /// The run has ended: answers whoever waits for it.
  void on_ended(const queue::Ended& ended);
  /// It has replied and goes on: answers whoever waits for the reply.
  void on_reply(const queue::PieceStored& reply);
  void on_gone(ExchangeId exchange);
  void on_half_closed(ExchangeId exchange);
  /// Answers the waits whose time is up, cancels what nobody came back for. When it next wants to
  /// be called, monotonic ms.
  uint64_t turn(uint64_t now_ms);
  /// Answers all who wait for a run that has not begun, because the gateway stops.
  void release_unstarted();
  void release_all();

 private:
  enum class View : uint8_t { kStatus, kResult, kEvents, kCancel };
  /// A request that is being looked up.
  struct Ask {
    ExchangeId exchange;
    View view = View::kStatus;
    Id id;
    uint64_t wait_ms = 0;
    int64_t after = -1;          ///< kEvents: the last id that the reader has
    bool head_only = false;
    bool admin = false;
    std::string who;             ///< of an admin, as the audit log names them
    std::string key;             ///< as presented
    std::string if_none_match;
  };

  void answer_ask(const Ask& ask, queue::ReadDone& done);
  std::optional<Response> refuse(const Ask& ask, const queue::RunRead& read,
                                 const records::EventMeta& meta) const;
  /// Reads what the address and the head ask for; false: it has been answered.
  bool read_ask(ExchangeId exchange, const RequestHead& head, Ask& ask);
  void show(const Ask& ask, std::shared_ptr<const queue::RunRead> read);
  void show_result(const Ask& ask, const queue::RunRead& read);
  void show_reply(const Ask& ask, queue::ReadDone& done);
  void show_events(const Ask& ask, const queue::RunRead& read);
  void respond_tagged(const Ask& ask, Response answer);
  void expire(uint64_t now_ms);
  void cancel(const Ask& ask, const queue::RunRead& read);
  void on_cancelled(ExchangeId exchange, Id id, bool known);
  Response status_answer(Id id, const queue::RunRead& read) const;
  Response pending_answer(Id id, std::optional<uint32_t> applied_wait_s) const;
  void end_wait(const Waiter& waiter);

  Context& context_;
  HangUps hang_ups_;
};

}  // namespace penstock::gateway
