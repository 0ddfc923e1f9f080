// Durations, timeouts, retries and errors.
#include <algorithm>
#include <iterator>

#include "executor/definition/duration.h"
#include "executor/lint/forms.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/text_check.h"

namespace penstock::lint {
namespace {

bool is_duration_text(std::string_view text) {
  return definition::is_duration(text) || is_runtime_expression(text);
}

// `5s`, `10 minutes` or a bare number, as other tools write durations, in our words.
std::string duration_hint(std::string_view text) {
  static constexpr struct {
    std::string_view letter, unit;
  } kUnits[] = {{"", "seconds"},  {"ms", "milliseconds"}, {"s", "seconds"},
                {"m", "minutes"}, {"h", "hours"},         {"d", "days"}};
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view unit = text.substr(digits);
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  if (digits == 0 || digits > 9) return {};
  for (const auto& known : kUnits) {
    const bool word = unit.size() > 2 && known.unit.starts_with(unit);
    if (unit != known.letter && !word) continue;
    return "write { " + std::string(known.unit) + ": " + std::string(text.substr(0, digits)) + " }";
  }
  return {};
}

bool is_pointer_or_expression(std::string_view text) {
  return is_json_pointer(text) || is_runtime_expression(text);
}

void check_pointer_or_expression(Findings& findings, const Node& node) {
  check_form(findings, node, is_pointer_or_expression, "a JSON pointer or one ${ expression }");
}

void check_count(Findings& findings, const Node& node) {
  check_integer(findings, node);
  if (!node.value().is_number() || node.value().as_double() >= 0) return;
  findings.warning(code::kAdvice, node, At::kValue, quoted(node.name()) + " is below zero");
}

void check_inline_duration(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"days", check_count},
                                      {"hours", check_count},
                                      {"minutes", check_count},
                                      {"seconds", check_count},
                                      {"milliseconds", check_count}};
  if (node.value().size() > 0) return check_object(findings, node, {"the duration", kFields});
  findings.error(code::kBadValue, node, At::kValue, quoted(node.name()) + " is an empty duration",
                 "write { seconds: 30 } or PT30S");
}

void check_backoff(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"constant", check_any_object},
                                      {"exponential", check_any_object},
                                      {"linear", check_any_object}};
  check_object(findings, node, {"the backoff", kFields});
  const auto known = std::count_if(std::begin(kFields), std::end(kFields),
                                   [&](const Field& field) { return has(node, field.key); });
  const bool others = node.value().size() > static_cast<size_t>(known);
  if (!node.value().is_object() || known == 1 || (known == 0 && others)) return;
  findings.error(code::kAmbiguous, node, At::kKey,
                 "a backoff is one of constant, exponential and linear",
                 "write { exponential: {} }");
}

void check_attempt_limit(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"count", check_count}, {"duration", check_duration}};
  check_object(findings, node, {"the limit of attempts", kFields});
}

void check_retry_limit(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"attempt", check_attempt_limit},
                                      {"duration", check_duration}};
  check_object(findings, node, {"the retry limit", kFields});
}

void check_jitter(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"from", check_duration, Need::kRequired},
                                      {"to", check_duration, Need::kRequired}};
  check_object(findings, node, {"the jitter", kFields});
}

void check_status(Findings& findings, const Node& node) {
  check_integer(findings, node);
  const double status = node.value().as_double();
  if (!node.value().is_number() || (status >= 100 && status <= 599)) return;
  findings.warning(code::kAdvice, node, At::kValue, "a status is a number from 100 to 599");
}

}  // namespace

void check_duration(Findings& findings, const Node& node) {
  if (node.value().is_object()) return check_inline_duration(findings, node);
  const std::string_view text = node.value().as_string();
  if (node.value().is_string() && is_duration_text(text)) return;
  constexpr std::string_view kWanted = "a duration such as PT30S or { seconds: 30 }";
  if (!node.value().is_string() && !node.value().is_number()) {
    return report_type(findings, node, kWanted);
  }
  const std::string written = node.value().is_string() ? std::string(text) : node.value().dump();
  const std::string hint = duration_hint(written);
  findings.error(node.value().is_string() ? code::kBadValue : code::kWrongType, node, At::kValue,
                 quoted(written) + " must be " + std::string(kWanted),
                 hint.empty() ? expression_hint(written) : hint);
}

void check_timeout(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"after", check_duration, Need::kRequired}};
  check_object(findings, node, {"the timeout", kFields});
}

void check_timeout_or_name(Findings& findings, const Node& node) {
  if (node.value().is_object()) return check_timeout(findings, node);
  if (!node.value().is_string()) {
    report_type(findings, node, "a timeout ({ after: … }) or the name of one in use.timeouts");
  }
}

void check_retry(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"when", check_string},       {"exceptWhen", check_string},
                                      {"delay", check_duration},    {"backoff", check_backoff},
                                      {"limit", check_retry_limit}, {"jitter", check_jitter}};
  check_object(findings, node, {"the retry policy", kFields});
}

void check_retry_or_name(Findings& findings, const Node& node) {
  if (node.value().is_object()) return check_retry(findings, node);
  if (!node.value().is_string()) {
    report_type(findings, node, "a retry policy or the name of one in use.retries");
  }
}

void check_error(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"type", check_uri_or_expression, Need::kRequired},
                                      {"status", check_status, Need::kRequired},
                                      {"instance", check_pointer_or_expression},
                                      {"title", check_string},
                                      {"detail", check_string}};
  check_object(findings, node, {"the error", kFields});
}

void check_error_or_name(Findings& findings, const Node& node) {
  if (node.value().is_object()) return check_error(findings, node);
  if (!node.value().is_string()) {
    report_type(findings, node, "an error or the name of one in use.errors");
  }
}

void check_error_filter(Findings& findings, const Node& node) {
  static constexpr Field kFields[] = {{"type", check_string},
                                      {"status", check_status},
                                      {"instance", check_string},
                                      {"title", check_string},
                                      {"detail", check_string}};
  check_object(findings, node, {"the error filter", kFields, Others::kDoubted});
  if (!node.value().is_object() || node.value().size() > 0) return;
  findings.error(code::kBadValue, node, At::kValue, "an error filter must name at least one value");
}

}  // namespace penstock::lint
