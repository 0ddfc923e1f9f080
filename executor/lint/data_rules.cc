// Input, output, export, schemas, resources and endpoints.
#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

// A runtime expression or an object to build from.
void check_filter(Findings& findings, const Node& node) {
  if (node.value().is_string() || node.value().is_object()) return;
  report_type(findings, node, "an expression (a string) or an object");
}

void check_schema(Findings& findings, const Node& node) {
  static constexpr Field kInline[] = {{"format", check_string},
                                      {"document", check_anything, Need::kRequired}};
  static constexpr Field kExternal[] = {{"format", check_string},
                                        {"resource", check_resource, Need::kRequired}};
  const bool external = has(node, "resource");
  if (external && has(node, "document")) {
    findings.error(code::kAmbiguous, node, At::kKey,
                   "a schema has either \"document\" or \"resource\", not both");
  } else {
    check_object(findings, node,
                 {"the schema",
                  external ? std::span<const Field>(kExternal) : std::span<const Field>(kInline)});
  }
}

bool is_uri_or_expression(std::string_view text) {
  return is_uri_template(text) || is_runtime_expression(text);
}

}  // namespace

void check_input(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"schema", check_schema}, {"from", check_filter}};
  check_object(findings, node, {"the input", kFields});
}

void check_output(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"schema", check_schema}, {"as", check_filter}};
  check_object(findings, node, {"the output", kFields});
}

void check_export(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"schema", check_schema}, {"as", check_filter}};
  check_object(findings, node, {"the export", kFields});
}

void check_resource(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"name", check_string},
                                      {"endpoint", check_endpoint, Need::kRequired}};
  check_object(findings, node, {"the resource", kFields});
}

void check_uri(Findings& findings, const Node& node) {
  check_form(findings, node, is_uri_template, "a URI, such as https://example.com/{id}");
}

void check_uri_or_expression(Findings& findings, const Node& node) {
  check_form(findings, node, is_uri_or_expression, "a URI or one ${ expression }");
}

void check_one_expression(Findings& findings, const Node& node) {
  check_form(findings, node, is_runtime_expression, "one ${ expression } on one line");
}

void check_endpoint(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"uri", check_uri_or_expression, Need::kRequired},
                                      {"authentication", check_authentication}};
  if (node.value().is_string()) return check_uri_or_expression(findings, node);
  if (node.value().is_object()) return check_object(findings, node, {"the endpoint", kFields});
  report_type(findings, node, "a URI (a string) or an object with \"uri\"");
}

void check_strings_or_expression(Findings& findings, const Node& node) {
  if (node.value().is_object()) return check_string_map(findings, node);
  if (node.value().is_string()) return check_one_expression(findings, node);
  report_type(findings, node, "an object of strings or one ${ expression }");
}

}  // namespace penstock::lint
