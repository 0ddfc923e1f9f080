// The senders' door: POST /hooks/{token}. From head to accepted event, and from its commit to the
// ack or the held reply.
//
// Loop thread. Nothing is answered 2xx before the queue says Accepted.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/app/context.h"
#include "gateway/app/render.h"

namespace penstock::gateway {

class Hooks {
 public:
  explicit Hooks(Context& context) : context_(context) {}

  static bool is_ours(std::string_view path) { return path.starts_with("/hooks/"); }
  BodyPlan on_head(const RequestHead& head);
  void on_request(ExchangeId exchange, const RequestHead& head, Body body);
  /// The event is durable. False: the cookie is somebody else's.
  bool on_accepted(const queue::Accepted& accepted);

 private:
  /// What to do when the event is durable.
  struct Ack {
    ExchangeId exchange;
    bool captured = false;
    bool hold = false;             ///< wait for the reply
    bool async_applied = false;    ///< Prefer: respond-async decided
    uint64_t wait_ms = 0;
    std::optional<uint32_t> applied_wait_s;
    Durability durability = Durability::kDisk;
    uint32_t next_free = 0;
  };
  static constexpr queue::Cookie kAckBit = queue::Cookie{1} << 63;

  TriggerPtr trigger_of(const RequestHead& head) const;
  std::optional<Response> refuse_head(const TriggerPtr& trigger, const RequestHead& head) const;
  records::EventMeta meta_of(const records::TriggerDefinition& trigger, const RequestHead& head,
                             const WorkflowPtr& workflow) const;
  Ack plan_ack(ExchangeId exchange, const records::TriggerDefinition& trigger,
               const RequestHead& head) const;
  queue::Cookie keep(Ack ack);
  Ack take(queue::Cookie cookie);
  void refuse(ExchangeId exchange, const RequestHead& head, const Rejected& rejected);

  Context& context_;
  JsonCheck json_check_;
  std::vector<Ack> acks_;       // a slab: the cookie is the index
  uint32_t first_free_ = UINT32_MAX;
};

}  // namespace penstock::gateway
