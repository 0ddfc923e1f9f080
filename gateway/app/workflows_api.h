// /v1/workflows: apply, list, show, delete. Definitions are checked by an executor, so that the
// gateway itself never parses one. Loop thread.
#pragma once

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"
#include "proto/worker.pb.h"

namespace penstock::gateway {

class WorkflowsApi {
 public:
  explicit WorkflowsApi(Context& context) : context_(context) {}
  /// words: workflows[/{name}[/versions/{n}]]
  void on_request(const OperatorRequest& request);

 private:
  void apply(const OperatorRequest& request);
  void applied(ExchangeId exchange, const std::string& source, bool dry_run,
               const std::string& who, const Result<worker::LintReport>& report);
  void list(ExchangeId exchange);
  void show(ExchangeId exchange, const std::string& name, uint32_t version);
  void remove(const OperatorRequest& request, const std::string& name);
  void unknown(ExchangeId exchange, const std::string& name);

  Context& context_;
};

}  // namespace penstock::gateway
