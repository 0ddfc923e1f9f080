// The senders' door: POST /hooks/{token}. Takes each delivery through its stages (delivery.h).
//
// Loop thread.
#pragma once

#include <string_view>

#include "gateway/app/admission.h"
#include "gateway/app/batches.h"
#include "gateway/app/context.h"
#include "gateway/app/door.h"
#include "gateway/app/intake.h"
#include "gateway/app/screening.h"

namespace penstock::gateway {

class Hooks {
 public:
  explicit Hooks(Context& context)
      : context_(context),
        door_(context),
        intake_(context),
        batches_(context, intake_, [this](Delivery item) { screening_.screen(std::move(item)); }),
        openai_(context),
        admission_(context, batches_, openai_),
        screening_(
            context, [this](Delivery delivery) { admission_.admit(std::move(delivery)); },
            [this](const Delivery& delivery, Screening::Refusal refusal) {
              refuse_screened(delivery, std::move(refusal));
            }) {}

  static bool is_ours(std::string_view path) { return path.starts_with("/hooks/"); }
  BodyPlan on_head(const RequestHead& head);
  void on_request(ExchangeId exchange, const RequestHead& head, Body body);
  /// The event is durable. False: the cookie is somebody else's.
  bool on_accepted(const queue::Accepted& accepted) { return admission_.on_accepted(accepted); }
  bool on_duplicate(const queue::Duplicate& duplicate) {
    return admission_.on_duplicate(duplicate);
  }
  void on_ended(Id run) { admission_.on_ended(run); }

 private:
  TriggerPtr trigger_of(const RequestHead& head) const;
  /// Refused with the body there: noted, then answered.
  void refuse_delivery(ExchangeId exchange, const TriggerPtr& trigger, const RequestHead& head,
                       const Body& body, Response answer);
  std::optional<Response> refuse_head(const TriggerPtr& trigger, const RequestHead& head);
  void refuse_screened(const Delivery& delivery, Screening::Refusal refusal);
  /// The delivery waits until the keys it is judged with have come, then begins anew. False: it
  /// need not.
  bool park(ExchangeId exchange, const TriggerPtr& trigger, const RequestHead& head, Body& body);

  Context& context_;
  Door door_;
  Intake intake_;
  Batches batches_;
  OpenAiApi openai_;
  Admission admission_;
  Screening screening_;
  size_t parked_ = 0;
};

}  // namespace penstock::gateway
