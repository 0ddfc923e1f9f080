// The senders' own view: GET /hooks/{token}/deliveries says what became of what they sent. It wants
// the trigger's key, or the admin token.
//
//   ?id=ID       one delivery: an event's id, or the sender's own (Idempotency-Key, webhook-id,
//                ce-id, X-GitHub-Delivery … or the dedup key)
//   ?since=T     only from this time on: ISO 8601, or 15m, 2h, 7d back from now
//   ?limit=N&cursor=C
//
// Loop thread. Limitations: refused requests and copies are known since the gateway's start,
// the last limits::rejections_kept_max of a trigger each; a sender's own id is looked for among the newest
// events, as many as one page of the store scans.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/app/context.h"

namespace penstock::gateway {

class Ledger {
 public:
  explicit Ledger(Context& context) : context_(context) {}

  static bool is_ours(const RequestHead& head);
  BodyPlan on_head(const RequestHead& head);
  void on_request(ExchangeId exchange, const RequestHead& head);

 private:
  struct Ask {
    ExchangeId exchange;
    std::string trigger, own_id;
    queue::ListQuery query;
    bool first_page = true;
  };
  std::optional<Response> refuse(const RequestHead& head) const;
  void one(ExchangeId exchange, const std::string& trigger, Id id);
  void answer_one(ExchangeId exchange, const std::string& trigger, Id id, queue::ReadDone& done);
  void answer_page(const Ask& ask, queue::ReadDone& done);

  Context& context_;
};

}  // namespace penstock::gateway
