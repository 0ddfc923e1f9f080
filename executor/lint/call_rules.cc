// What the standard's own calls take in `with`: http, openapi, grpc, a2a, mcp, asyncapi.
#include <algorithm>
#include <array>

#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/suggestion.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

void check_http_output(Findings& findings, const Node& node) {
  static constexpr std::string_view kOutputs[] = {"raw", "content", "response"};
  check_word(findings, node, kOutputs);
}

void check_http_method(Findings& findings, const Node& node) {
  static constexpr std::string_view kMethods[] = {"get",    "put",  "post",    "patch",
                                                  "delete", "head", "options", "trace"};
  if (!expect_string(findings, node)) return;
  std::string method(node.value().as_string());
  for (char& c : method) c = static_cast<char>(c | 0x20);
  if (std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods)) return;
  if (is_runtime_expression(node.value().as_string())) return;
  const std::string_view meant = suggest(method, kMethods);
  findings.warning(code::kAdvice, node, At::kValue,
                   quoted(node.value().as_string()) + " is no usual HTTP method",
                   meant.empty() ? std::string() : "did you mean " + quoted(meant) + "?");
}

void check_http(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"method", check_http_method, Need::kRequired},
                                      {"endpoint", check_endpoint, Need::kRequired},
                                      {"headers", check_strings_or_expression},
                                      {"body", check_anything},
                                      {"query", check_strings_or_expression},
                                      {"output", check_http_output},
                                      {"redirect", check_boolean}};
  check_object(findings, node, {"the HTTP call", kFields});
}

void check_openapi(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"document", check_resource, Need::kRequired},
                                      {"operationId", check_string, Need::kRequired},
                                      {"parameters", check_any_object},
                                      {"authentication", check_authentication},
                                      {"output", check_http_output},
                                      {"redirect", check_boolean}};
  check_object(findings, node, {"the OpenAPI call", kFields});
}

void check_host(Findings& findings, const Node& node) {
  check_form(findings, node, is_host, "a host name");
}

void check_port(Findings& findings, const Node& node) {
  check_integer(findings, node);
  const double port = node.value().as_double();
  if (!node.value().is_number() || (port >= 0 && port <= 65535)) return;
  findings.error(code::kBadValue, node, At::kValue, "a port is a number from 0 to 65535");
}

void check_grpc_service(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"name", check_string, Need::kRequired},
                                      {"host", check_host, Need::kRequired},
                                      {"port", check_port},
                                      {"authentication", check_authentication}};
  check_object(findings, node, {"the gRPC service", kFields});
}

void check_grpc(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"proto", check_resource, Need::kRequired},
                                      {"service", check_grpc_service, Need::kRequired},
                                      {"method", check_string, Need::kRequired},
                                      {"arguments", check_any_object}};
  check_object(findings, node, {"the gRPC call", kFields});
}

void check_a2a_method(Findings& findings, const Node& node) {
  static constexpr std::string_view kMethods[] = {"message/send",
                                                  "message/stream",
                                                  "tasks/get",
                                                  "tasks/list",
                                                  "tasks/cancel",
                                                  "tasks/resubscribe",
                                                  "tasks/pushNotificationConfig/set",
                                                  "tasks/pushNotificationConfig/get",
                                                  "tasks/pushNotificationConfig/list",
                                                  "tasks/pushNotificationConfig/delete",
                                                  "agent/getAuthenticatedExtendedCard"};
  check_word(findings, node, kMethods);
}

void check_parameters(Findings& findings, const Node& node) {
  if (node.value().is_object() || node.value().is_string()) return;
  report_type(findings, node, "an object or an expression (a string)");
}

void check_a2a_parameters(Findings& findings, const Node& node) {
  check_parameters(findings, node);
  if (!node.value().is_object() || node.value().size() > 0) return;
  findings.error(code::kBadValue, node, At::kValue, "\"parameters\" must not be empty");
}

void check_a2a(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"agentCard", check_resource},
                                      {"server", check_endpoint},
                                      {"method", check_a2a_method, Need::kRequired},
                                      {"parameters", check_a2a_parameters}};
  check_object(findings, node, {"the A2A call", kFields});
}

void check_mcp_method(Findings& findings, const Node& node) {
  static constexpr std::string_view kMethods[] = {"tools/list",
                                                  "tools/call",
                                                  "prompts/list",
                                                  "prompts/get",
                                                  "resources/list",
                                                  "resources/read",
                                                  "resources/templates/list"};
  check_word(findings, node, kMethods);
}

void check_mcp_http(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"endpoint", check_endpoint, Need::kRequired},
                                      {"headers", check_string_map}};
  check_object(findings, node, {"the HTTP transport", kFields, Others::kDoubted});
}

void check_mcp_stdio(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"command", check_string, Need::kRequired},
                                      {"arguments", check_string_list},
                                      {"environment", check_string_map}};
  check_object(findings, node, {"the stdio transport", kFields, Others::kDoubted});
}

void check_mcp_transport(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {
      {"http", check_mcp_http}, {"stdio", check_mcp_stdio}, {"options", check_string_map}};
  if (!expect_object(findings, node)) return;
  if (has(node, "http") != has(node, "stdio")) {
    return check_object(findings, node, {"the MCP transport", kFields, Others::kDoubted});
  }
  findings.error(code::kAmbiguous, node, At::kKey,
                 "an MCP transport is either \"http\" or \"stdio\"");
}

void check_mcp_client(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"name", check_string, Need::kRequired},
                                      {"version", check_string, Need::kRequired}};
  check_object(findings, node, {"the MCP client", kFields, Others::kDoubted});
}

void check_mcp(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {
      {"protocolVersion", check_string}, {"method", check_mcp_method, Need::kRequired},
      {"parameters", check_parameters},  {"timeout", check_duration},
      {"client", check_mcp_client},      {"transport", check_mcp_transport, Need::kRequired}};
  check_object(findings, node, {"the MCP call", kFields, Others::kDoubted});
}

struct Call {
  std::string_view function;
  void (*check)(Findings&, const Node&);
};
constexpr std::array<Call, 6> kCalls{{{"http", check_http},
                                      {"openapi", check_openapi},
                                      {"grpc", check_grpc},
                                      {"a2a", check_a2a},
                                      {"mcp", check_mcp},
                                      {"asyncapi", check_asyncapi}}};

const Call* find_call(std::string_view function) {
  const auto found = std::find_if(kCalls.begin(), kCalls.end(),
                                  [&](const Call& call) { return call.function == function; });
  return found == kCalls.end() ? nullptr : &*found;
}

}  // namespace

bool needs_call_arguments(std::string_view function) {
  return find_call(function) != nullptr;
}

void check_call_arguments(Findings& findings, const Node& node, std::string_view function) {
  const Call* call = find_call(function);
  call ? call->check(findings, node) : check_any_object(findings, node);
}

}  // namespace penstock::lint
