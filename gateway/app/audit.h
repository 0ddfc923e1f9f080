// The audit log: who changed what, and when. An entry rides the commit of the change it tells of
// (queue::Service::audit), so neither is there without the other. Loop thread.
#pragma once

#include <string>

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"

namespace penstock::gateway {

/// "admin@ADDRESS": the token's name and where it was used.
std::string who_of(const OperatorRequest& request);

/// Notes what this request is about to do; call it just before the change is handed to the queue.
/// `detail`: JSON without secrets.
void audit(Context& context, const OperatorRequest& request, const std::string& action,
           const std::string& subject, const std::string& detail);

/// {"version":N,"changed":{"reply":[false,true],…}}: the settings that differ, as they are shown.
/// `before` null: all of them are new.
std::string change_json(const records::TriggerDefinition* before,
                        const records::TriggerDefinition& after, const Config& config);

/// GET /v1/audit?before=&limit=
class AuditApi {
 public:
  explicit AuditApi(Context& context) : context_(context) {}
  void on_request(const OperatorRequest& request);

 private:
  void answer(ExchangeId exchange, queue::ReadDone& done);

  Context& context_;
};

}  // namespace penstock::gateway
