// The last stage of a delivery: into the queue, and once it is durable the ack or the wait for the
// reply. Nothing is answered 2xx before the queue says Accepted. Loop thread.
#pragma once

#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/delivery.h"

namespace penstock::gateway {

/// How the sender wants to be answered: the trigger's settings and its Prefer header.
AckPlan plan_ack(const Context& context, ExchangeId exchange,
                 const records::TriggerDefinition& trigger, const RequestHead& head);

class Admission {
 public:
  explicit Admission(Context& context) : context_(context) {}

  void admit(Delivery delivery);
  /// The event is durable. False: the cookie is somebody else's.
  bool on_accepted(const queue::Accepted& accepted);

 private:
  struct Slot {
    AckPlan ack;
    uint32_t next_free = 0;
  };
  static constexpr queue::Cookie kAckBit = queue::Cookie{1} << 63;

  queue::Cookie keep(const AckPlan& ack);
  AckPlan take(queue::Cookie cookie);

  Context& context_;
  std::vector<Slot> acks_;  // a slab: the cookie is the index
  uint32_t first_free_ = UINT32_MAX;
};

}  // namespace penstock::gateway
