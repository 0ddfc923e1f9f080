#include "executor/tasks/grpc_call.h"

#include <charconv>

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/grpc_method.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr uint64_t kProtoLifeMs = 5 * 60'000;
constexpr size_t kPrefixBytes = 5;  // compressed or not, and the length

struct GrpcStatus {
  const char* word;
  uint32_t http;  // as Google's gateways translate it
};
constexpr GrpcStatus kStatuses[] = {
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 500},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 400},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 400},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
};

std::string framed(const std::string& message) {
  std::string frame(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame += static_cast<char>((message.size() >> shift) & 0xff);
  }
  return frame + message;
}

Result<std::string> unframed(const std::string& body) {
  if (body.size() < kPrefixBytes) return Status::invalid("it gave no message");
  uint32_t size = 0;
  for (size_t i = 1; i < kPrefixBytes; i++) size = size << 8 | static_cast<uint8_t>(body[i]);
  if (body[0] != 0) return Status::invalid("it compressed its message without being asked to");
  if (body.size() != kPrefixBytes + size) return Status::invalid("its message is not whole");
  return body.substr(kPrefixBytes);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    uint8_t byte = 0;
    const char* at = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(at, at + 2, byte, 16).ptr == at + 2;
    out += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  while (!is_utf8(out)) out.pop_back();
  return out;
}

Error misused(std::string detail) {
  return Error::of(ErrorKind::kConfiguration, "call: grpc: " + std::move(detail));
}

}  // namespace

std::string GrpcCall::name() const {
  return std::string(call_.with.get("service").get("name").as_string()) + "/" +
         std::string(call_.with.get("method").as_string());
}

CallStep GrpcCall::begin() {
  const json::Value proto = call_.with.get("proto");
  proto_key_ = "proto " + proto.dump();
  const auto known = context_.caches->documents.find(proto_key_, context_.now_ms);
  if (!known) return fetch(proto);
  proto_ = known->as_string();
  return ask();
}

CallStep GrpcCall::ask() {
  const json::Value service = call_.with.get("service");
  const auto method = GrpcMethod::find(proto_, std::string(service.get("name").as_string()),
                                       std::string(call_.with.get("method").as_string()));
  if (!method) return misused(method.status().message());
  const json::Value arguments = call_.with.get("arguments");
  const Result<std::string> message =
      (*method)->request(arguments.is_object() ? arguments.dump() : "{}");
  if (!message) return misused("the arguments: " + message.status().message());
  const int64_t port = service.get("port").as_integer().value_or(443);
  HttpRequest request;
  request.method = "POST";
  request.url = (port == 443 ? "https://" : "http://") +
                std::string(service.get("host").as_string()) + ":" + std::to_string(port) +
                (*method)->path();
  request.headers = {{"Content-Type", "application/grpc+proto"},
                     {"TE", "trailers"},
                     {"Idempotency-Key", context_.idempotency_key}};
  request.body = framed(*message);
  request.http2 = true;
  request.reply_bytes_max = limits::grpc_message_bytes_max + kPrefixBytes;
  asked_ = true;
  return send(std::move(request), service.get("authentication"));
}

CallStep GrpcCall::answered(const HttpReply& reply) {
  if (asked_) return result(reply);
  flow::TaskResult fetched = http_result(sent(), reply, "raw", false);
  if (std::holds_alternative<Error>(fetched)) return fetched;
  if (!is_utf8(reply.body)) return misused("the .proto file is no text");
  proto_ = reply.body;
  context_.caches->documents.put(proto_key_, json::Value::string(proto_),
                                 context_.now_ms + kProtoLifeMs);
  return ask();
}

flow::TaskResult GrpcCall::result(const HttpReply& reply) const {
  if (reply.fault != HttpFault::kNone) return error_of(reply);
  const std::string_view code = reply.header("grpc-status");
  if (reply.status != 200 || code.empty()) {
    return Error::answered(
        reply.status == 200 ? 502 : reply.status,
        name() + " did not answer as a gRPC server: status " + std::to_string(reply.status));
  }
  size_t number = 2;
  std::from_chars(code.data(), code.data() + code.size(), number);
  if (number >= std::size(kStatuses)) number = 2;
  if (number != 0) {
    const std::string said = percent_decoded(reply.header("grpc-message"));
    return Error::answered(kStatuses[number].http, name() + " answered " + kStatuses[number].word +
                                                       (said.empty() ? "" : ": " + said));
  }
  const auto method =
      GrpcMethod::find(proto_, std::string(call_.with.get("service").get("name").as_string()),
                       std::string(call_.with.get("method").as_string()));
  const Result<std::string> message = unframed(reply.body);
  const Result<std::string> text =
      message && method ? (*method)->reply(*message) : Result<std::string>(message.status());
  if (!text) return Error::of(ErrorKind::kCommunication, name() + ": " + text.status().message());
  Result<json::Value> value = json::parse(*text);
  if (!value) return Error::of(ErrorKind::kCommunication, name() + ": its reply is no JSON");
  return std::move(*value);
}

}  // namespace penstock::executor
