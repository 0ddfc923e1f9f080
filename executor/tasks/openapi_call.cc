#include "executor/tasks/openapi_call.h"

#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"
#include "executor/tasks/openapi_document.h"
#include "executor/tasks/uri_template.h"

namespace penstock::executor {

static constexpr uint64_t kDocumentLifeMs = 5 * 60'000;

CallStep OpenApiCall::begin() {
  const json::Value endpoint = call_.with.get("document").get("endpoint");
  document_url_ = expanded(endpoint_uri(endpoint), call_.input);
  const auto known = context_.caches->documents.find(document_url_, context_.now_ms);
  if (known) return call_operation(*known);
  HttpRequest request;
  request.method = "GET";
  request.url = document_url_;
  request.follow = true;
  return send(std::move(request), endpoint.get("authentication"));
}

CallStep OpenApiCall::call_operation(const json::Value& document) {
  has_document_ = true;
  const OpenApiDocument described(document, document_url_);
  Result<HttpRequest> request =
      described.request(call_.with.get("operationId").as_string(), call_.with.get("parameters"));
  if (!request) {
    return flow::Error::of(flow::ErrorKind::kConfiguration, request.status().message());
  }
  request->headers.emplace_back("Idempotency-Key", context_.idempotency_key);
  request->follow = call_.with.get("redirect").as_bool();
  return send(std::move(*request), call_.with.get("authentication"));
}

CallStep OpenApiCall::answered(const HttpReply& reply) {
  const bool redirect = call_.with.get("redirect").as_bool();
  if (has_document_) {
    return http_result(sent(), reply, call_.with.get("output").as_string(), redirect);
  }
  flow::TaskResult fetched = http_result(sent(), reply, "raw", true);
  if (std::holds_alternative<flow::Error>(fetched)) return fetched;
  Result<json::Value> document = OpenApiDocument::parse(reply.body);
  if (!document) {
    return flow::Error::of(
        flow::ErrorKind::kConfiguration,
        document_url_ + " is no OpenAPI document: " + document.status().message());
  }
  context_.caches->documents.put(document_url_, *document, context_.now_ms + kDocumentLifeMs);
  return call_operation(*document);
}

}  // namespace penstock::executor
