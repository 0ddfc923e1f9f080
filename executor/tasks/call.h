// One call task as a procedure: a chain of HTTP exchanges that ends in the task's result. Pure but
// for the caches it is given; caller.h performs the exchanges. Made anew for each call.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "executor/flow/effect.h"
#include "executor/tasks/call_caches.h"
#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// What to do next: one more exchange, or nothing, for this is the result.
using CallStep = std::variant<HttpRequest, flow::TaskResult>;

class CallProcedure {
 public:
  virtual ~CallProcedure() = default;
  /// The first step.
  virtual CallStep begin() = 0;
  /// The step behind the reply to the last request.
  virtual CallStep replied(HttpReply reply) = 0;
};

/// What a call has beside its arguments.
struct CallContext {
  std::string idempotency_key;  ///< the same when the call is made again after a crash
  CallCaches* caches = nullptr;
  uint64_t now_ms = 0;  ///< wall clock
};

/// The procedure for the call's kind.
std::unique_ptr<CallProcedure> make_call(const flow::Call& call, CallContext context);

}  // namespace penstock::executor
