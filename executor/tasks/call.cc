#include "executor/tasks/call.h"

#include "executor/tasks/a2a_call.h"
#include "executor/tasks/catalog_call.h"
#include "executor/tasks/chat_call.h"
#include "executor/tasks/grpc_call.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/mcp_call.h"
#include "executor/tasks/openapi_call.h"
#include "executor/tasks/run_call.h"

namespace penstock::executor {

namespace {

// A kind of call that this version does not make.
class RefusedCall final : public CallProcedure {
 public:
  explicit RefusedCall(std::string kind) : kind_(std::move(kind)) {}
  CallStep begin() override {
    return flow::Error::of(flow::ErrorKind::kConfiguration,
                           "`call: " + kind_ + "` is not known here");
  }
  CallStep replied(HttpReply) override { return begin(); }

 private:
  std::string kind_;
};

}  // namespace

std::unique_ptr<CallProcedure> make_call(const flow::Call& call, CallContext context) {
  const std::string& kind = call.body->kind;
  if (kind == "http") return std::make_unique<HttpCall>(call, std::move(context));
  if (kind == "openapi") return std::make_unique<OpenApiCall>(call, std::move(context));
  if (kind == "chat") return std::make_unique<ChatCall>(call, std::move(context));
  if (kind == "mcp") return std::make_unique<McpCall>(call, std::move(context));
  if (kind == "a2a") return std::make_unique<A2aCall>(call, std::move(context));
  if (kind == "grpc") return std::make_unique<GrpcCall>(call, std::move(context));
  if (kind == "catalog") return std::make_unique<CatalogCall>(call, std::move(context));
  if (kind == "shell" || kind == "script") {
    return std::make_unique<RunCall>(call, std::move(context));
  }
  return std::make_unique<RefusedCall>(kind);
}

}  // namespace penstock::executor
