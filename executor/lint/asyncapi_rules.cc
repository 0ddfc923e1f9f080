// `call: asyncapi`, which is judged as the standard has it and then refused for what it is.
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"

namespace penstock::lint {
namespace {

void check_protocol(Findings& findings, const Node& node) {
  static constexpr std::string_view kProtocols[] = {
      "amqp",  "amqp1",   "anypointmq", "googlepubsub", "http", "ibmmq",  "jms",
      "kafka", "mercure", "mqtt",       "mqtt5",        "nats", "pulsar", "redis",
      "sns",   "solace",  "sqs",        "stomp",        "ws"};
  check_word(findings, node, kProtocols);
}

void check_server(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"name", check_string, Need::kRequired},
                                      {"variables", check_any_object}};
  check_object(findings, node, {"the AsyncAPI server", kFields});
}

void check_message(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"payload", check_any_object}, {"headers", check_any_object}};
  check_object(findings, node, {"the message", kFields});
}

void check_consume(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"for", check_duration},
                                      {"amount", check_integer},
                                      {"while", check_one_expression},
                                      {"until", check_one_expression}};
  check_object(findings, node, {"the consumption", kFields});
  if (!node.value().is_object()) return;
  const int ends = has(node, "amount") + has(node, "while") + has(node, "until");
  if (ends == 1) return;
  findings.error(code::kAmbiguous, node, At::kKey,
                 "a consumption ends by one of \"amount\", \"while\" and \"until\"");
}

void check_subscription(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"filter", check_one_expression},
                                      {"consume", check_consume, Need::kRequired},
                                      {"foreach", check_listen_foreach}};
  check_object(findings, node, {"the subscription", kFields});
}

}  // namespace

void check_asyncapi(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"document", check_resource, Need::kRequired},
                                      {"channel", check_string},
                                      {"operation", check_string},
                                      {"server", check_server},
                                      {"protocol", check_protocol},
                                      {"message", check_message},
                                      {"subscription", check_subscription},
                                      {"authentication", check_authentication}};
  check_object(findings, node, {"the AsyncAPI call", kFields});
  if (!node.value().is_object()) return;
  const bool channel_or_operation = has(node, "channel") != has(node, "operation");
  if (channel_or_operation && has(node, "message") != has(node, "subscription")) return;
  findings.error(code::kAmbiguous, node, At::kKey,
                 "an AsyncAPI call has one of \"operation\" and \"channel\", and one of "
                 "\"message\" and \"subscription\"");
}

}  // namespace penstock::lint
