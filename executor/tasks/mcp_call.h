// `call: mcp`: one request to a server of the Model Context Protocol, over streamable HTTP or,
// where the operator allows it, to a process over stdio. A session is begun for the call and ended
// with it. Limitations: what the server asks of its client (sampling, roots, elicitation) is not
// answered.
#pragma once

#include <optional>
#include <string>

#include "executor/tasks/authorized_call.h"
#include "executor/tasks/sse_reader.h"

namespace penstock::executor {

class McpCall final : public AuthorizedCall {
 public:
  McpCall(const flow::Call& call, CallContext context) : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;
  void opened(const HttpHeaders& headers) override;
  std::optional<CallStep> received(std::string_view bytes) override;
  CallStep ended(ProcessReply reply) override;

 private:
  enum class Stage : uint8_t { kInitialize, kInitialized, kRequest, kEnd };

  CallStep answered(const HttpReply& reply) override;
  CallStep post(const json::Value& message);
  CallStep start_process();
  std::optional<CallStep> message(std::string_view text);
  CallStep result(json::Value result);
  CallStep end(flow::TaskResult result);
  json::Value initialize() const;
  json::Value request() const;
  uint64_t timeout_ms() const;
  bool is_stdio() const { return call_.with.get("transport").get("stdio").is_object(); }

  Stage stage_ = Stage::kInitialize;
  std::string session_, version_;
  SseReader reader_;
  std::string line_;                        // of a process, its end has not come yet
  std::optional<flow::TaskResult> result_;  // while the session is ended
};

}  // namespace penstock::executor
