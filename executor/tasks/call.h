// One call task as a procedure: a chain of HTTP exchanges, processes and pauses that ends in the
// task's result. Pure but for the caches it is given; caller.h performs them. Made anew for each
// call.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "executor/flow/effect.h"
#include "executor/process/process.h"
#include "executor/tasks/call_caches.h"
#include "executor/tasks/http_message.h"

namespace penstock::executor {

/// Do nothing for so long.
struct Pause {
  uint64_t ms;
};
/// What to do next: one more exchange, a pause, a process, something for its stdin; or nothing, for
/// this is the result.
using CallStep = std::variant<HttpRequest, flow::TaskResult, Pause, ProcessRequest, ProcessInput>;

/// Something that readers of the run are told while the call goes on.
struct CallPiece {
  std::string type;  ///< delta: more of a text; restart: what was said of it is void
  std::string data;
};

class CallProcedure {
 public:
  virtual ~CallProcedure() = default;
  /// The first step.
  virtual CallStep begin() = 0;
  /// The step behind the reply to the last request.
  virtual CallStep replied(HttpReply reply) = 0;
  /// A streamed reply begins.
  virtual void opened(const HttpHeaders&) {}
  /// The step behind the end of a process.
  virtual CallStep ended(ProcessReply) { return begin(); }
  /// More of a streamed reply, or of what a talking process says. A step other than ProcessInput:
  /// enough, the rest is not wanted.
  virtual std::optional<CallStep> received(std::string_view) { return std::nullopt; }
  /// The step behind a pause.
  virtual CallStep resumed() { return begin(); }
  /// The call is given up from outside.
  virtual void abandoned() {}
  /// What readers are to be told, in order.
  std::vector<CallPiece> take_pieces() { return std::exchange(pieces_, {}); }

 protected:
  std::vector<CallPiece> pieces_;
};

/// What a call has beside its arguments.
struct CallContext {
  std::string idempotency_key;  ///< the same when the call is made again after a crash
  CallCaches* caches = nullptr;
  uint64_t now_ms = 0;       ///< wall clock
  bool local_files = false;  ///< file:// addresses may be read: someone runs their own workflow
  std::string told = {};     ///< what readers have from an earlier life of this very call
};

/// The procedure for the call's kind.
std::unique_ptr<CallProcedure> make_call(const flow::Call& call, CallContext context);

}  // namespace penstock::executor
