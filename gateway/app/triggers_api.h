// /v1/triggers: create, list, show, change, activate, deactivate, rotate-key, delete. Loop thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"

namespace penstock::gateway {

class TriggersApi {
 public:
  explicit TriggersApi(Context& context) : context_(context) {}
  /// words: triggers[/{name}[/activate|deactivate|rotate-key|revoke-key|rotate-secret|rejected]]
  void on_request(const OperatorRequest& request);

 private:
  void create(const OperatorRequest& request);
  void list(ExchangeId exchange);
  void change(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void act(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void rejected(const OperatorRequest& request, const std::string& name);
  void rotate_secret(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void revoke_key(const OperatorRequest& request, const records::TriggerDefinition& trigger);
  void remove(ExchangeId exchange, const std::string& name);
  /// Reads settings into `trigger`; false: the refusal has been answered.
  bool read_settings(ExchangeId exchange, const nlohmann::ordered_json& settings,
                     records::TriggerDefinition& trigger);
  /// Stores, then answers with the trigger; `new_key` is shown this once.
  void store(ExchangeId exchange, uint16_t status, records::TriggerDefinition trigger,
             const std::string& new_key);
  std::string add_key(records::TriggerDefinition& trigger) const;
  nlohmann::ordered_json key_row(const records::ApiKey& key) const;
  nlohmann::ordered_json json_of(const records::TriggerDefinition& trigger) const;
  void refuse(ExchangeId exchange, Code code, const std::string& detail);

  Context& context_;
};

}  // namespace penstock::gateway
