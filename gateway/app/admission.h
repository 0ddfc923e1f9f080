// The last stage of a delivery: into the queue, and once it is durable the ack or the wait for the
// reply. Nothing is answered 2xx before the queue says Accepted, or Duplicate: then the answer is
// the first one's. Loop thread.
#pragma once

#include <vector>

#include "gateway/app/batches.h"
#include "gateway/app/context.h"
#include "gateway/app/delivery.h"
#include "gateway/app/openai_api.h"
#include "gateway/app/rate_limits.h"
#include "gateway/app/single_flights.h"

namespace penstock::gateway {

class Admission {
 public:
  Admission(Context& context, Batches& batches, OpenAiApi& openai)
      : context_(context), batches_(batches), openai_(openai) {}

  /// Takes one request of the trigger's rate, or says that there is none left.
  std::optional<Response> refuse_rate(const records::TriggerDefinition& trigger);
  /// How the sender wants to be answered: the trigger's settings and its Prefer header.
  AckPlan plan_ack(ExchangeId exchange, const TriggerPtr& trigger, const RequestHead& head);
  void admit(Delivery delivery);
  /// The event is durable. False: the cookie is somebody else's.
  bool on_accepted(const queue::Accepted& accepted);
  bool on_duplicate(const queue::Duplicate& duplicate);
  void on_ended(Id run) {
    if (!flights_.idle()) flights_.ended(run);
  }

 private:
  struct Slot {
    AckPlan ack;
    uint32_t next_free = 0;
  };
  /// What is known of a run that answers more than one request.
  struct First {
    Id id;
    std::string_view mark;  ///< the header line that says so
    records::RunStatus status = records::UNKNOWN;
    queue::ResultPtr result = nullptr;
  };
  static constexpr queue::Cookie kAckBit = queue::Cookie{1} << 63;

  queue::Cookie keep(AckPlan ack);
  AckPlan take(queue::Cookie cookie);
  void refuse(const Delivery& delivery, const Rejected& rejected);
  std::optional<std::vector<queue::WorkflowRef>> fan_out(const Delivery& delivery) const;
  /// The key of its flight; empty: it has a run of its own.
  std::string flight_of(const Delivery& delivery) const;
  bool join(const std::string& flight, AckPlan& ack);

  /// The reply as it is made, where that is what the sender takes.
  bool stream_reply(const AckPlan& ack, Id run);
  bool wait_for_reply(const AckPlan& ack, Id run, std::string mark);
  Response ack_of(const AckPlan& ack, Id id, std::string_view status) const;
  /// Answers with a run that another request started.
  void answer_with(const AckPlan& ack, First first);
  void answer_found(const AckPlan& ack, const First& first);

  Context& context_;
  Batches& batches_;
  OpenAiApi& openai_;
  RateLimits rates_;
  SingleFlights flights_;
  std::vector<Slot> acks_;  // a slab: the cookie is the index
  uint32_t first_free_ = UINT32_MAX;
};

}  // namespace penstock::gateway
