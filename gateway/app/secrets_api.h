// /v1/secrets: set, list without values, delete, and rekey. Loop thread.
#pragma once

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"

namespace penstock::gateway {

class SecretsApi {
 public:
  explicit SecretsApi(Context& context) : context_(context) {}
  /// words: secrets[/{name}], or POST secrets/rekey.
  void on_request(const OperatorRequest& request);

 private:
  void list(ExchangeId exchange);
  void show(ExchangeId exchange, const std::string& name);
  void put(const OperatorRequest& request, const std::string& name);
  void remove(const OperatorRequest& request, const std::string& name);
  void rekey(const OperatorRequest& request);
  void unknown(ExchangeId exchange, const std::string& name);
  /// Executors hear of it at once.
  void tell_executors();

  Context& context_;
};

}  // namespace penstock::gateway
