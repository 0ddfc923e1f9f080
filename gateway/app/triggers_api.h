// /v1/triggers: create, list, show, change, activate, deactivate, rotate-key, delete. Loop thread.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"

namespace penstock::gateway {

/// Who changes a trigger, and how: for the answer and the audit log.
struct TriggerChange {
  ExchangeId exchange;
  std::string who, action;
};

class TriggersApi {
 public:
  explicit TriggersApi(Context& context) : context_(context) {}
  /// Has an executor compile the trigger's expressions, then keeps it and calls `then` once it is
  /// durable; otherwise the refusal has been answered. `before`: as it was; null: it is new.
  using Saved = std::function<void(const TriggerPtr&)>;
  void save(const TriggerChange& change, records::TriggerDefinition trigger,
            const records::TriggerDefinition* before, Saved then);
  /// 422 for expressions that do not compile, each with its place.
  void refuse_expressions(ExchangeId exchange, const worker::Screened& found);
  nlohmann::ordered_json json_of(const records::TriggerDefinition& trigger) const;
  /// The trigger that the second word names; null: the refusal has been answered.
  TriggerPtr find(const OperatorRequest& request);
  /// words: triggers[/{name}[/activate|deactivate|rotate-key|revoke-key|rotate-secret|rejected
  /// |history|rollback]]
  void on_request(const OperatorRequest& request);

 private:
  void create(const OperatorRequest& request);
  void list(ExchangeId exchange);
  void change(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void act(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void history(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void rollback(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void rejected(const OperatorRequest& request, const std::string& name);
  void remove(const OperatorRequest& request, const std::string& name);
  void rotate_secret(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void revoke_key(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  /// Reads settings into `trigger`; false: the refusal has been answered.
  bool read_settings(ExchangeId exchange, const nlohmann::ordered_json& settings,
                     records::TriggerDefinition& trigger);
  /// Stores, then answers with the trigger; `new_key` is shown this once.
  void store(const OperatorRequest& request, const std::string& action, uint16_t status,
             records::TriggerDefinition trigger, const std::string& new_key);
  void keep(const TriggerChange& change, records::TriggerDefinition trigger, Saved then);
  std::string add_key(records::TriggerDefinition& trigger) const;
  /// What its limits and lanes do just now, by workflow.
  nlohmann::ordered_json flow_json(const records::TriggerDefinition& trigger) const;
  nlohmann::ordered_json key_row(const records::ApiKey& key) const;
  void refuse(ExchangeId exchange, Code code, const std::string& detail);

  Context& context_;
};

}  // namespace penstock::gateway
