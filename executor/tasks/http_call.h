// `call: http`: the arguments of the language as a request, the reply as the task's result.
#pragma once

#include "executor/tasks/authorized_call.h"

namespace penstock::executor {

class HttpCall final : public AuthorizedCall {
 public:
  HttpCall(const flow::Call& call, CallContext context)
      : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;

 private:
  CallStep answered(const HttpReply& reply) override;
};

/// Puts a body on a request: text and other scalars as they are, objects and arrays as JSON, or as
/// a form where the content type says so. Names the content type where the headers do not.
void put_body(HttpRequest& request, const json::Value& body);
/// Appends `name=value` parts to an address.
void append_query(std::string& url, const std::string& query);
/// The address of an endpoint, which is text or `{uri, authentication}`.
std::string endpoint_uri(const json::Value& endpoint);
/// Appends the members of an object as header fields; null members are left out.
void append_headers(HttpRequest& request, const json::Value& headers);

}  // namespace penstock::executor
