#include "executor/lint/findings.h"

#include <algorithm>
#include <tuple>

#include "proto/limits.h"

namespace penstock::lint {

bool Findings::takes(Severity severity) const {
  return counts_[static_cast<size_t>(severity)] < limits::lint_findings_max;
}

void Findings::add(Severity severity, std::string_view code, const Node& node, At at,
                   std::string message, std::string hint) {
  if (!takes(severity)) return;
  std::string pointer = node.pointer();
  const definition::Position where = at == At::kKey ? map_.key_at(pointer) : map_.value_at(pointer);
  add({severity, code, where, std::move(pointer), std::move(message), std::move(hint)});
}

void Findings::add(Finding finding) {
  if (!takes(finding.severity)) return;
  counts_[static_cast<size_t>(finding.severity)]++;
  list_.push_back(std::move(finding));
}

void Findings::error(std::string_view code, const Node& node, At at, std::string message,
                     std::string hint) {
  add(Severity::kError, code, node, at, std::move(message), std::move(hint));
}

void Findings::warning(std::string_view code, const Node& node, At at, std::string message,
                       std::string hint) {
  add(Severity::kWarning, code, node, at, std::move(message), std::move(hint));
}

void Findings::absorb_as_warnings(Findings&& other) {
  for (Finding& finding : other.list_) {
    finding.severity = Severity::kWarning;
    finding.code = code::kAdvice;
    add(std::move(finding));
  }
}

// One finding a pointer: the first error, for the rules are asked in the order of what helps most;
// without errors the first warning.
static void keep_one_each(std::vector<Finding>& list) {
  std::stable_sort(list.begin(), list.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.pointer, a.severity) < std::tie(b.pointer, b.severity);
  });
  const auto same = [](const Finding& a, const Finding& b) { return a.pointer == b.pointer; };
  list.erase(std::unique(list.begin(), list.end(), same), list.end());
}

std::vector<Finding> Findings::take() {
  keep_one_each(list_);
  std::stable_sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.at, a.pointer) < std::tie(b.at, b.pointer);
  });
  return std::move(list_);
}

}  // namespace penstock::lint
