#include "executor/lint/text_check.h"

#include "executor/definition/expression.h"
#include "executor/lint/shape.h"

namespace penstock::lint {
namespace {

// `{{ .x }}` as `${ .x }`, all of them.
std::string with_single_braces(std::string_view text) {
  std::string out;
  size_t at = 0;
  while (true) {
    const size_t begin = text.find("{{", at);
    const size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) break;
    out.append(text.substr(at, begin - at)).append("${");
    out.append(text.substr(begin + 2, end - begin - 2)).append("}");
    at = end + 2;
  }
  return out.append(text.substr(at));
}

}  // namespace

bool has_double_braces(std::string_view text) {
  const size_t begin = text.find("{{");
  return begin != std::string_view::npos && text.find("}}", begin) != std::string_view::npos;
}

std::string expression_hint(std::string_view text) {
  const std::string single = has_double_braces(text) ? with_single_braces(text) : std::string(text);
  if (definition::is_expression(single)) return single == text ? "" : "write " + single;
  if (!definition::find_placeholder(single)) return {};
  return "write " + definition::as_interpolation(single);
}

void check_form(Findings& findings, const Node& node, bool (*form)(std::string_view),
                std::string_view wanted) {
  if (!node.value().is_string()) return report_type(findings, node, "a string");
  const std::string_view text = node.value().as_string();
  if (form(text)) return;
  findings.error(code::kBadValue, node, At::kValue,
                 quoted(text) + " must be " + std::string(wanted), expression_hint(text));
}

}  // namespace penstock::lint
