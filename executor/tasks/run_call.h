// `run: shell` and `run: script`: a process, its input and what its end means. It is started where
// the operator allows it (process/process_pool.h).
// Limitations: JavaScript runs on the node that is installed, Python on its python3.
#pragma once

#include "executor/tasks/authorized_call.h"

namespace penstock::executor {

class RunCall final : public AuthorizedCall {
 public:
  RunCall(const flow::Call& call, CallContext context) : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;
  CallStep ended(ProcessReply reply) override;

 private:
  CallStep answered(const HttpReply& reply) override;
  CallStep start(std::string code);
  bool is_shell() const { return call_.body->kind == "shell"; }
};

}  // namespace penstock::executor
