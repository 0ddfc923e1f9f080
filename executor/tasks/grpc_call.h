// `call: grpc`: one unary call over HTTP/2, in clear unless the port is 443. The messages are made
// from the .proto file that the call names.
// Limitations: of imports only google/protobuf/… are known; no streams; no compression.
#pragma once

#include "executor/tasks/authorized_call.h"

namespace penstock::executor {

class GrpcCall final : public AuthorizedCall {
 public:
  GrpcCall(const flow::Call& call, CallContext context)
      : AuthorizedCall(call, std::move(context)) {}
  CallStep begin() override;

 private:
  CallStep answered(const HttpReply& reply) override;
  CallStep ask();
  flow::TaskResult result(const HttpReply& reply) const;
  std::string name() const;

  std::string proto_;
  std::string proto_key_;  // in the cache
  bool asked_ = false;
};

}  // namespace penstock::executor
