#include "executor/tasks/a2a_call.h"

#include <cstdio>
#include <functional>

#include "executor/json/parse.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"
#include "executor/tasks/json_rpc.h"
#include "executor/tasks/uri_template.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr int64_t kId = 1;

// The same for the same call, also when it is made again after a crash.
std::string uuid_of(const std::string& key) {
  const auto high = static_cast<unsigned long long>(std::hash<std::string>()(key + "/h"));
  const auto low = static_cast<unsigned long long>(std::hash<std::string>()(key + "/l"));
  char text[40];
  std::snprintf(text, sizeof(text), "%08llx-%04llx-4%03llx-a%03llx-%012llx", high >> 32,
                (high >> 16) & 0xffff, high & 0xfff, low >> 52, low & 0xffffffffffff);
  return text;
}

// The address under which the agent speaks JSON-RPC.
std::string agent_url(const json::Value& card) {
  const json::Value url = card.get("url"), preferred = card.get("preferredTransport");
  const bool rpc = !preferred.is_string() || preferred.as_string() == "JSONRPC";
  if (url.is_string() && rpc) return std::string(url.as_string());
  for (const std::string_view list : {"additionalInterfaces", "supportedInterfaces"}) {
    const json::Value interfaces = card.get(list);
    for (size_t i = 0; interfaces.is_array() && i < interfaces.size(); i++) {
      const json::Value one = interfaces.at(i);
      const bool fits = one.get("transport").as_string() == "JSONRPC" ||
                        one.get("protocolBinding").as_string() == "JSONRPC";
      if (fits) return std::string(one.get("url").as_string());
    }
  }
  return "";
}

}  // namespace

bool A2aCall::streams() const {
  const json::Value method = call_.with.get("method");
  return method.as_string() == "message/stream" || method.as_string() == "tasks/resubscribe";
}

json::Value A2aCall::parameters() const {
  json::Value parameters = call_.with.get("parameters");
  const json::Value method = call_.with.get("method");
  json::Value message = parameters.get("message");
  if (!method.as_string().starts_with("message/") || !message.is_object()) return parameters;
  const auto put = [&message](std::string_view key, std::string text) {
    if (!message.find(key)) message.set(key, json::Value::string(std::move(text)));
  };
  put("kind", "message");
  put("messageId", uuid_of(context_.idempotency_key));
  put("role", "user");
  parameters.set("message", std::move(message));
  return parameters;
}

CallStep A2aCall::begin() {
  const json::Value card = call_.with.get("agentCard");
  if (!card.is_null()) return fetch(card);
  const json::Value server = call_.with.get("server");
  return ask(expanded(endpoint_uri(server), call_.input), server.get("authentication"));
}

CallStep A2aCall::ask(const std::string& url, const json::Value& policy) {
  if (url.empty()) {
    return Error::of(ErrorKind::kConfiguration, "the agent has no address that speaks JSON-RPC");
  }
  asked_ = true;
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers.emplace_back("Accept", streams() ? "text/event-stream" : "application/json");
  request.headers.emplace_back("Idempotency-Key", context_.idempotency_key);
  const json::Value method = call_.with.get("method");
  put_body(request, rpc_request(kId, method.as_string(), parameters()));
  request.stream = streams();
  return send(std::move(request), policy);
}

std::optional<CallStep> A2aCall::received(std::string_view bytes) {
  std::vector<SseEvent> events;
  const Status status = reader_.feed(bytes, events);
  for (const SseEvent& event : events) {
    if (std::optional<Error> error = take(event.data)) return std::move(*error);
  }
  if (status) return std::nullopt;
  return Error::of(ErrorKind::kCommunication, "the agent: " + status.message());
}

// Keeps a result.
std::optional<Error> A2aCall::take(std::string_view message) {
  Result<json::Value> parsed = json::parse(message);
  if (!parsed)
    return Error::of(ErrorKind::kCommunication, "the agent sent something that is no JSON");
  auto result = rpc_result(*parsed, kId);
  if (!result) return std::nullopt;
  if (auto* error = std::get_if<Error>(&*result)) return std::move(*error);
  results_.push_back(std::move(std::get<json::Value>(*result)));
  return std::nullopt;
}

CallStep A2aCall::answered(const HttpReply& reply) {
  if (reply.fault != HttpFault::kNone) return error_of(reply);
  if (!asked_) return carded(reply);
  const bool told = results_.size() > 0 && reply.body.empty();  // as a stream
  if (!told) {
    Result<json::Value> parsed = json::parse(reply.body);
    const bool answer = parsed && rpc_result(*parsed, kId);
    if (!answer && (reply.status < 200 || reply.status > 299)) {
      return http_result(sent(), reply, "content", false);
    }
    if (std::optional<Error> error = take(reply.body)) return std::move(*error);
  }
  if (results_.size() == 0) return Error::of(ErrorKind::kCommunication, "the agent gave no answer");
  return streams() ? results_ : results_.at(0);
}

CallStep A2aCall::carded(const HttpReply& reply) {
  flow::TaskResult fetched = http_result(sent(), reply, "raw", false);
  if (std::holds_alternative<Error>(fetched)) return fetched;
  Result<json::Value> card = json::parse(reply.body);
  if (!card) return Error::of(ErrorKind::kConfiguration, "the agent's card is no JSON");
  const json::Value endpoint = call_.with.get("agentCard").get("endpoint");
  return ask(agent_url(*card), endpoint.get("authentication"));
}

}  // namespace penstock::executor
