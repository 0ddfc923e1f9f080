// The definition's outermost parts: document, use, schedule, evaluate.
#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

void check_version(Findings& findings, const Node& node) {
  check_form(findings, node, is_semantic_version, "a semantic version such as 1.0.0");
}

void check_dsl(Findings& findings, const Node& node) {
  check_form(findings, node, is_semantic_version, "a semantic version such as 1.0.3");
  const std::string_view version = node.value().as_string();
  if (!is_semantic_version(version) || version.starts_with("1.0.")) return;
  findings.warning(code::kAdvice, node, At::kValue,
                   "this was written for DSL " + quoted(version) + "; it is run as 1.0.3");
}

void check_label(Findings& findings, const Node& node) {
  check_form(findings, node, is_label,
             "a name of at most 63 letters, digits and dashes, with no dash at an end");
}

void check_document(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"dsl", check_dsl, Need::kRequired},
                                      {"namespace", check_label, Need::kRequired},
                                      {"name", check_label, Need::kRequired},
                                      {"version", check_version, Need::kRequired},
                                      {"title", check_string},
                                      {"summary", check_string},
                                      {"tags", check_any_object},
                                      {"metadata", check_any_object}};
  check_object(findings, node, {"the document", kFields});
}

void check_extended(Findings& findings, const Node& node) {
  static constexpr std::string_view kTargets[] = {"call",   "composite", "emit", "for",
                                                  "listen", "raise",     "run",  "set",
                                                  "switch", "try",       "wait", "all"};
  check_word(findings, node, kTargets);
}

void check_extension(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"extend", check_extended, Need::kRequired},
                                      {"when", check_string},
                                      {"before", check_task_list},
                                      {"after", check_task_list}};
  check_object(findings, node, {"the extension", kFields});
}

void check_catalog(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"endpoint", check_endpoint, Need::kRequired}};
  check_object(findings, node, {"the catalog", kFields});
}

template <Check check>
void check_members(Findings& findings, const Node& node) {
  check_each_member(findings, node, check);
}

void check_extensions(Findings& findings, const Node& node) {
  check_named_items(findings, node, check_extension);
}

void check_use(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {
      {"authentications", check_members<check_authentication_policy>},
      {"errors", check_members<check_error>},
      {"extensions", check_extensions},
      {"functions", check_members<check_task>},
      {"retries", check_members<check_retry>},
      {"secrets", check_string_list},
      {"timeouts", check_members<check_timeout>},
      {"catalogs", check_members<check_catalog>}};
  check_object(findings, node, {"\"use\"", kFields});
}

void check_read(Findings& findings, const Node& node) {
  static constexpr std::string_view kWays[] = {"data", "envelope", "raw"};
  check_word(findings, node, kWays);
}

void check_schedule(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"every", check_duration},
                                      {"cron", check_string},
                                      {"after", check_duration},
                                      {"on", check_event_strategy},
                                      {"read", check_read}};
  check_object(findings, node, {"the schedule", kFields});
  if (!has(node, "read") || has(node, "on")) return;
  findings.error(code::kMissingKey, Node(node, "read", node.value().get("read")), At::kKey,
                 "\"read\" says how the events of \"on\" are read, but there is no \"on\"");
}

void check_language(Findings& findings, const Node& node) {
  if (!expect_string(findings, node) || node.value().as_string() == "jq") return;
  findings.warning(code::kUnsupported, node, At::kValue, "expressions are read as jq here",
                   "write jq");
}

void check_mode(Findings& findings, const Node& node) {
  static constexpr std::string_view kModes[] = {"strict", "loose"};
  check_word(findings, node, kModes);
}

void check_evaluate(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"language", check_language}, {"mode", check_mode}};
  check_object(findings, node, {"\"evaluate\"", kFields});
}

}  // namespace

void check_workflow(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"document", check_document, Need::kRequired},
                                      {"do", check_task_list, Need::kRequired},
                                      {"input", check_input},
                                      {"use", check_use},
                                      {"timeout", check_timeout_or_name},
                                      {"output", check_output},
                                      {"schedule", check_schedule},
                                      {"evaluate", check_evaluate}};
  check_object(findings, node, {"the workflow", kFields, Others::kDoubted});
}

}  // namespace penstock::lint
