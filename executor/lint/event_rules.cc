// Events: what is emitted, what is waited for, and how they are correlated.
#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

bool is_time_or_expression(std::string_view text) {
  return is_date_time(text) || is_runtime_expression(text);
}

void check_time(Findings& findings, const Node& node) {
  check_form(findings, node, is_time_or_expression,
             "a time such as 2026-01-31T12:00:00Z or one ${ expression }");
}

constexpr Field kEventFields[] = {{"type", check_string, Need::kRequired},
                                  {"id", check_string},
                                  {"source", check_uri_or_expression},
                                  {"time", check_time},
                                  {"subject", check_string},
                                  {"datacontenttype", check_string},
                                  {"dataschema", check_uri_or_expression},
                                  {"data", check_anything}};

// The attributes a filter asks for: those above, none of them required, and any extension.
void check_attributes(Findings& findings, const Node& node) {
  if (!expect_object(findings, node)) return;
  if (node.value().size() == 0) {
    return findings.error(code::kBadValue, node, At::kValue,
                          "an event filter must name at least one attribute");
  }
  for (const Field& field : kEventFields) {
    if (has(node, field.key)) {
      field.check(findings, Node(node, field.key, node.value().get(field.key)));
    }
  }
}

void check_correlation(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"from", check_string, Need::kRequired},
                                      {"expect", check_string}};
  check_object(findings, node, {"the correlation", kFields, Others::kDoubted});
}

void check_correlations(Findings& findings, const Node& node) {
  check_each_member(findings, node, check_correlation);
}

void check_event_filter(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"with", check_attributes, Need::kRequired},
                                      {"correlate", check_correlations}};
  check_object(findings, node, {"the event filter", kFields});
}

void check_event_filters(Findings& findings, const Node& node) {
  check_each_item(findings, node, check_event_filter);
}

constexpr Field kStrategies[] = {
    {"all", check_event_filters}, {"any", check_event_filters}, {"one", check_event_filter}};

void check_plain_strategy(Findings& findings, const Node& node);

void check_until(Findings& findings, const Node& node) {
  if (node.value().is_string()) return;
  if (node.value().is_object()) return check_plain_strategy(findings, node);
  report_type(findings, node, "an expression (a string) or the events that end it (an object)");
}

constexpr Field kAnyUntil[] = {{"any", check_event_filters}, {"until", check_until}};

// Says what is wrong with how many of all, any and one there are; whether that is right.
bool is_one_strategy(Findings& findings, const Node& node) {
  size_t count = 0;
  for (const Field& strategy : kStrategies) count += has(node, strategy.key) ? 1 : 0;
  if (count == 1 || (count == 0 && node.value().size() > 0)) return true;
  findings.error(count == 0 ? code::kMissingKey : code::kAmbiguous, node, At::kKey,
                 "events are waited for by one of \"one\", \"any\" and \"all\"");
  return false;
}

// A strategy that may not have an `until` of its own.
void check_plain_strategy(Findings& findings, const Node& node) {
  if (!expect_object(findings, node) || !is_one_strategy(findings, node)) return;
  check_object(findings, node, {"the events to wait for", kStrategies});
}

}  // namespace

void check_event_strategy(Findings& findings, const Node& node) {
  if (!expect_object(findings, node)) return;
  if (has(node, "any") && has(node, "until") && !has(node, "all") && !has(node, "one")) {
    return check_object(findings, node, {"the events to wait for", kAnyUntil});
  }
  check_plain_strategy(findings, node);
}

void check_emitted_event(Findings& findings, const Node& node) {
  if (!expect_object(findings, node)) return;
  const auto with = node.value().find("with");
  if (with) {
    const Node event(node, "with", *with);
    return check_object(findings, event, {"the event", kEventFields, Others::kFree});
  }
  findings.warning(code::kAdvice, node, At::kKey, "this emits an event without a type",
                   "add with: { type: … }");
}

}  // namespace penstock::lint
