#include "executor/lint/findings.h"

#include <algorithm>
#include <tuple>

#include "proto/limits.h"

namespace penstock::lint {

namespace {

constexpr size_t kTextBytesMax = 400;   // of a message or hint
constexpr size_t kQuotingBytesMax = 8;  // between a value's place and its text: quotes, `|`, indent

// Cut at a character's end where it is too long.
std::string bounded(std::string text) {
  if (text.size() <= kTextBytesMax) return text;
  size_t end = kTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;
  return text.substr(0, end) + "…";
}

size_t offset_of(std::string_view source, definition::Position at) {
  size_t offset = 0;
  for (uint32_t line = 1; line < at.line; line++) {
    const size_t end = source.find('\n', offset);
    if (end == std::string_view::npos) return source.size();
    offset = end + 1;
  }
  return std::min(offset + at.column - 1, source.size());
}

}  // namespace

bool Findings::takes(Severity severity) const {
  return counts_[static_cast<size_t>(severity)] < limits::lint_findings_max;
}

void Findings::add(Severity severity, std::string_view code, const Node& node, At at,
                   std::string message, std::string hint) {
  if (!takes(severity)) return;
  std::string pointer = node.pointer();
  const definition::Position where = at == At::kKey ? map_.key_at(pointer) : map_.value_at(pointer);
  add({severity, code, where, std::move(pointer), bounded(std::move(message)),
       bounded(std::move(hint))});
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

void Findings::error_within(std::string_view code, const Node& node, definition::Position at,
                            std::string message) {
  if (full()) return;
  add({Severity::kError, code, at, node.pointer(), bounded(std::move(message)), {}});
}

definition::Position Findings::locate(const Node& node, std::string_view part) const {
  definition::Position at = map_.value_at(node.pointer());
  if (at.line == 0 || part.empty() || part.find('\n') != std::string_view::npos) return {};
  const size_t begin = offset_of(source_, at);
  const size_t found = source_.substr(begin, part.size() + kQuotingBytesMax).find(part);
  if (found == std::string_view::npos) return {};
  if (source_.substr(begin, found).find('\n') != std::string_view::npos) return {};
  at.column += static_cast<uint32_t>(found);
  return at;
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
