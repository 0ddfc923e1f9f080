#include "executor/lint/findings.h"

#include <algorithm>
#include <tuple>

#include "proto/limits.h"

namespace penstock::lint {

static definition::Position place(const definition::SourceMap& map, std::string_view pointer,
                                  At at) {
  return at == At::kKey ? map.key_at(pointer) : map.value_at(pointer);
}

void Findings::add(Finding finding) {
  if (list_.size() >= limits::lint_findings_max) return;
  if (finding.severity == Severity::kError) errors_++;
  list_.push_back(std::move(finding));
}

void Findings::error(std::string_view code, const Node& node, At at, std::string message,
                     std::string hint) {
  std::string pointer = node.pointer();
  const definition::Position where = place(map_, pointer, at);
  add({Severity::kError, code, where, std::move(pointer), std::move(message), std::move(hint)});
}

void Findings::warning(std::string_view code, const Node& node, At at, std::string message,
                       std::string hint) {
  std::string pointer = node.pointer();
  const definition::Position where = place(map_, pointer, at);
  add({Severity::kWarning, code, where, std::move(pointer), std::move(message), std::move(hint)});
}

void Findings::absorb_as_warnings(Findings&& other) {
  for (Finding& finding : other.list_) {
    finding.severity = Severity::kWarning;
    finding.code = code::kAdvice;
    add(std::move(finding));
  }
}

std::vector<Finding> Findings::take() {
  const auto key = [](const Finding& f) { return std::tie(f.at, f.pointer, f.severity); };
  std::stable_sort(list_.begin(), list_.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  const auto same = [](const Finding& a, const Finding& b) { return a.pointer == b.pointer; };
  list_.erase(std::unique(list_.begin(), list_.end(), same), list_.end());
  return std::move(list_);
}

}  // namespace penstock::lint
