// The two listeners' routing: senders and callers on one, operators (everything) on the other.
// Loop thread.
#pragma once

#include "gateway/app/audit.h"
#include "gateway/app/bus.h"
#include "gateway/app/context.h"
#include "gateway/app/events_api.h"
#include "gateway/app/hooks.h"
#include "gateway/app/info_api.h"
#include "gateway/app/ledger.h"
#include "gateway/app/mapping_api.h"
#include "gateway/app/replays_api.h"
#include "gateway/app/runs.h"
#include "gateway/app/secrets_api.h"
#include "gateway/app/signals.h"
#include "gateway/app/trials_api.h"
#include "gateway/app/triggers_api.h"
#include "gateway/app/workflows_api.h"

namespace penstock::gateway {

/// The parts both listeners route to.
struct Parts {
  explicit Parts(Context& context)
      : bus(context), hooks(context), runs(context), signals(context), info(context),
        workflows(context), triggers(context), mapping(context, triggers),
        trials(context, triggers), replays(context), events(context), ledger(context),
        audit(context), secrets(context) {}
  EventBus bus;
  Hooks hooks;
  Runs runs;
  Signals signals;
  InfoApi info;
  WorkflowsApi workflows;
  TriggersApi triggers;
  MappingApi mapping;
  TrialsApi trials;
  ReplaysApi replays;
  EventsApi events;
  Ledger ledger;
  AuditApi audit;
  SecretsApi secrets;
};

/// /hooks/…, /v1/runs/{id}…, /livez, /readyz, the receipts' public key; nothing else.
class SenderListener : public Handler {
 public:
  SenderListener(Context& context, Parts& parts) : context_(context), parts_(parts) {}
  BodyPlan on_head(const RequestHead& head) override;
  void on_request(ExchangeId exchange, const RequestHead& head, Body body) override;
  void on_gone(ExchangeId exchange) override;
  void on_half_closed(ExchangeId exchange) override;

 protected:
  void receipt_keys(ExchangeId exchange, const RequestHead& head);

  Context& context_;
  Parts& parts_;
};

/// All of it. The operators' addresses want the admin token.
class OperatorListener final : public SenderListener {
 public:
  using SenderListener::SenderListener;
  BodyPlan on_head(const RequestHead& head) override;
  void on_request(ExchangeId exchange, const RequestHead& head, Body body) override;

 private:
  void route(const OperatorRequest& request);
  Response refuse_stranger(const RequestHead& head);
};

}  // namespace penstock::gateway
