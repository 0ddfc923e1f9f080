// The tasks' own parts: fork, emit, for, listen, raise, set, switch, catch.
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"

namespace penstock::lint {
namespace {

void check_read(Findings& findings, const Node& node) {
  static constexpr std::string_view kWays[] = {"data", "envelope", "raw"};
  check_word(findings, node, kWays);
}

// An expression, or objects to go through.
void check_collection(Findings& findings, const Node& node) {
  if (node.value().is_string()) return;
  if (node.value().is_array()) return check_each_item(findings, node, check_any_object);
  report_type(findings, node, "an expression (a string) or a list of objects");
}

void check_case(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"when", check_string},
                                      {"then", check_string, Need::kRequired}};
  check_object(findings, node, {"the case", kFields});
}

void check_caught_errors(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"with", check_error_filter}};
  check_object(findings, node, {"the errors to catch", kFields, Others::kDoubted});
}

}  // namespace

void check_fork(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"branches", check_task_list, Need::kRequired},
                                      {"compete", check_boolean}};
  check_object(findings, node, {"the fork", kFields});
}

void check_emit(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"event", check_emitted_event, Need::kRequired}};
  check_object(findings, node, {"the emit task", kFields});
}

void check_for(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {
      {"each", check_string}, {"in", check_collection, Need::kRequired}, {"at", check_string}};
  check_object(findings, node, {"the loop", kFields});
}

void check_listen(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"to", check_event_strategy, Need::kRequired},
                                      {"read", check_read}};
  check_object(findings, node, {"the listen task", kFields});
}

void check_listen_foreach(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"item", check_string},
                                      {"at", check_string},
                                      {"do", check_task_list},
                                      {"output", check_output},
                                      {"export", check_export}};
  check_object(findings, node, {"the loop over events", kFields});
}

void check_raise(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"error", check_error_or_name, Need::kRequired}};
  check_object(findings, node, {"the raise task", kFields});
}

void check_set(Findings& findings, const Node& node) {
  if (node.value().is_string()) return;
  if (!node.value().is_object()) {
    return report_type(findings, node, "an object or an expression (a string)");
  }
  if (node.value().size() > 0) return;
  findings.error(code::kBadValue, node, At::kValue, "\"set\" must set at least one value");
}

void check_switch(Findings& findings, const Node& node) {
  check_named_items(findings, node, check_case);
  if (!node.value().is_array() || node.value().size() > 0) return;
  findings.error(code::kBadValue, node, At::kValue, "a switch must have at least one case");
}

void check_catch(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"errors", check_caught_errors}, {"as", check_string},
                                      {"when", check_string},          {"exceptWhen", check_string},
                                      {"retry", check_retry_or_name},  {"do", check_task_list},
                                      {"then", check_string}};
  check_object(findings, node, {"the catch", kFields});
}

}  // namespace penstock::lint
