// `call: openapi`: finds the operation in its document (OpenAPI 3 or Swagger 2, JSON or YAML), puts
// the parameters where the document says and sends the request.
// Limitations: `$ref` within the document only; parameters are written in their default styles.
#pragma once

#include "executor/tasks/authorized_call.h"

namespace penstock::executor {

class OpenApiCall final : public AuthorizedCall {
 public:
  OpenApiCall(const flow::Call& call, CallContext context)
      : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;

 private:
  CallStep answered(const HttpReply& reply) override;
  CallStep call_operation(const json::Value& document);

  std::string document_url_;
  bool has_document_ = false;
};

}  // namespace penstock::executor
