// `call: a2a`: one JSON-RPC request to an agent (Agent2Agent), found by its card or by address. The
// streaming methods give all their results as an array.
// Limitations: of the card's security schemes none is negotiated; the call's authentication is
// sent.
#pragma once

#include <optional>
#include <string>

#include "executor/tasks/authorized_call.h"
#include "executor/tasks/sse_reader.h"

namespace penstock::executor {

class A2aCall final : public AuthorizedCall {
 public:
  A2aCall(const flow::Call& call, CallContext context) : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;
  std::optional<CallStep> received(std::string_view bytes) override;

 private:
  CallStep answered(const HttpReply& reply) override;
  CallStep carded(const HttpReply& reply);
  CallStep ask(const std::string& url, const json::Value& policy);
  std::optional<flow::Error> take(std::string_view message);
  json::Value parameters() const;
  bool streams() const;

  bool asked_ = false;  // the agent itself; before that its card
  SseReader reader_;
  json::Value results_ = json::Value::array();
};

}  // namespace penstock::executor
