#include "executor/tasks/mcp_call.h"

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"
#include "executor/tasks/json_rpc.h"
#include "executor/tasks/uri_template.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr std::string_view kVersion = "2025-06-18";
constexpr int64_t kInitializeId = 1, kRequestId = 2;
constexpr uint64_t kEndMs = 2'000;  // for a goodbye that nobody needs

Error broken(std::string detail) {
  return Error::of(ErrorKind::kCommunication, "the MCP server: " + std::move(detail));
}

}  // namespace

json::Value McpCall::initialize() const {
  const json::Value wanted = call_.with.get("protocolVersion");
  json::Value client = call_.with.get("client");
  if (!client.is_object()) {
    client = json::Value::object();
    client.set("name", json::Value::string("penstock"));
    client.set("version", json::Value::string(PENSTOCK_VERSION));
  }
  json::Value parameters = json::Value::object();
  parameters.set("protocolVersion",
                 wanted.is_string() ? wanted : json::Value::string(std::string(kVersion)));
  parameters.set("capabilities", json::Value::object());
  parameters.set("clientInfo", std::move(client));
  return rpc_request(kInitializeId, "initialize", parameters);
}

json::Value McpCall::request() const {
  const json::Value method = call_.with.get("method");
  json::Value parameters = call_.with.get("parameters");
  if (parameters.is_null()) parameters = json::Value::object();
  return rpc_request(kRequestId, method.as_string(), parameters);
}

uint64_t McpCall::timeout_ms() const {
  const json::Value timeout = call_.with.get("timeout");
  if (timeout.is_null()) return 0;
  const Result<uint64_t> ms = flow::Duration::of(timeout);
  return ms ? *ms : 0;
}

CallStep McpCall::begin() {
  if (is_stdio()) return start_process();
  return post(initialize());
}

CallStep McpCall::post(const json::Value& message) {
  const json::Value http = call_.with.get("transport").get("http");
  const json::Value endpoint = http.get("endpoint");
  HttpRequest request;
  request.method = stage_ == Stage::kEnd ? "DELETE" : "POST";
  request.url = expanded(endpoint_uri(endpoint), call_.input);
  append_headers(request, http.get("headers"));
  request.headers.emplace_back("Accept", "application/json, text/event-stream");
  if (!session_.empty()) request.headers.emplace_back("Mcp-Session-Id", session_);
  if (!version_.empty()) request.headers.emplace_back("MCP-Protocol-Version", version_);
  if (stage_ != Stage::kEnd) put_body(request, message);
  request.timeout_ms = stage_ == Stage::kEnd ? kEndMs : timeout_ms();
  request.stream = true;
  reader_ = SseReader();
  return send(std::move(request), endpoint.get("authentication"));
}

void McpCall::opened(const HttpHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (name == "mcp-session-id") session_ = value;
  }
}

std::optional<CallStep> McpCall::received(std::string_view bytes) {
  if (is_stdio()) {
    line_ += bytes;
    std::optional<CallStep> step;
    for (size_t end; !step && (end = line_.find('\n')) != line_.npos;) {
      const std::string text = line_.substr(0, end);
      line_.erase(0, end + 1);
      step = message(text);
    }
    return step;
  }
  std::vector<SseEvent> events;
  const Status status = reader_.feed(bytes, events);
  for (const SseEvent& event : events) {
    if (std::optional<CallStep> step = message(event.data)) return step;
  }
  if (status) return std::nullopt;
  return end(broken(status.message()));
}

CallStep McpCall::answered(const HttpReply& reply) {
  if (stage_ == Stage::kEnd) return std::move(*result_);
  if (reply.fault != HttpFault::kNone) return error_of(reply);
  if (reply.status < 200 || reply.status > 299) {
    return http_result(sent(), reply, "content", false);
  }
  opened(reply.headers);
  if (stage_ == Stage::kInitialized) {
    stage_ = Stage::kRequest;
    return post(request());
  }
  if (std::optional<CallStep> step = message(reply.body)) return std::move(*step);
  return end(broken("it ended its answer without one"));
}

// A message of the server; a step where it answers what was asked.
std::optional<CallStep> McpCall::message(std::string_view text) {
  Result<json::Value> parsed = json::parse(text);
  if (!parsed) return std::nullopt;
  const int64_t id = stage_ == Stage::kInitialize ? kInitializeId : kRequestId;
  auto answer = rpc_result(*parsed, id);
  if (!answer) return std::nullopt;
  if (auto* error = std::get_if<Error>(&*answer)) return end(std::move(*error));
  return result(std::move(std::get<json::Value>(*answer)));
}

CallStep McpCall::result(json::Value result) {
  if (stage_ == Stage::kRequest) return end(std::move(result));
  version_ = result.get("protocolVersion").as_string();
  const json::Value initialized = rpc_request(0, "notifications/initialized", json::Value());
  if (!is_stdio()) {
    stage_ = Stage::kInitialized;
    return post(initialized);
  }
  stage_ = Stage::kRequest;
  return ProcessInput{initialized.dump() + "\n" + request().dump() + "\n"};
}

CallStep McpCall::end(flow::TaskResult result) {
  if (is_stdio() || session_.empty()) return result;
  result_ = std::move(result);
  stage_ = Stage::kEnd;
  return post(json::Value());
}

CallStep McpCall::start_process() {
  const json::Value stdio = call_.with.get("transport").get("stdio");
  ProcessRequest request;
  request.permission = "mcp";
  request.command = {std::string(stdio.get("command").as_string())};
  const json::Value arguments = stdio.get("arguments"), environment = stdio.get("environment");
  for (size_t i = 0; arguments.is_array() && i < arguments.size(); i++) {
    request.command.push_back(plain_text(arguments.at(i)));
  }
  for (size_t i = 0; environment.is_object() && i < environment.size(); i++) {
    request.environment.emplace_back(environment.member(i).key.as_string(),
                                     plain_text(environment.member(i).value));
  }
  request.input = initialize().dump() + "\n";
  request.conversation = true;
  request.timeout_ms = timeout_ms();
  return request;
}

CallStep McpCall::ended(ProcessReply reply) {
  if (reply.refused) {
    return Error::of(ErrorKind::kAuthorization,
                     "MCP servers over stdio are not allowed here; the operator can allow them "
                     "with --allow-run mcp");
  }
  if (reply.timed_out) return Error::of(ErrorKind::kTimeout, "the MCP server took too long");
  std::string why =
      reply.fault.empty() ? "ended with code " + std::to_string(reply.exit_code) : reply.fault;
  if (is_utf8(reply.err) && !reply.err.empty()) why += ": " + reply.err.substr(0, 500);
  while (!is_utf8(why)) why.pop_back();
  return broken(why);
}

}  // namespace penstock::executor
