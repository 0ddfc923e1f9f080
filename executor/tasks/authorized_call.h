// A call whose requests carry an authentication: gets the token where the policy needs one, keeps
// it for others, and once gets a new one when the server no longer takes it.
#pragma once

#include <string>

#include "executor/tasks/authentication.h"
#include "executor/tasks/call.h"

namespace penstock::executor {

class AuthorizedCall : public CallProcedure {
 public:
  CallStep replied(HttpReply reply) final;

 protected:
  AuthorizedCall(const flow::Call& call, CallContext context)
      : call_(call), context_(std::move(context)) {}

  /// Sends the request under the policy, a value of the language (null: none). The reply comes to
  /// answered(); sent() is the request as it went out.
  CallStep send(HttpRequest request, const json::Value& policy);
  virtual CallStep answered(const HttpReply& reply) = 0;
  /// Gets an external resource of the language: its address, or {endpoint}. Comes to answered(),
  /// from a file too.
  CallStep fetch(const json::Value& resource);
  const HttpRequest& sent() const { return request_; }

  flow::Call call_;
  CallContext context_;

 private:
  enum class Stage : uint8_t { kDiscovery, kToken, kRequest };

  CallStep authorize();
  CallStep ask_token(std::string endpoint);
  CallStep send_with(const std::string& token);

  HttpRequest request_;
  Policy policy_;
  Stage stage_ = Stage::kRequest;
  bool renewed_ = false;
};

}  // namespace penstock::executor
