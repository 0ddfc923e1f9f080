#include "executor/lint/lint.h"

#include <algorithm>

#include "executor/definition/definition.h"
#include "executor/lint/findings.h"
#include "executor/lint/meaning.h"
#include "executor/lint/rules.h"
#include "executor/lint/started.h"

namespace penstock::lint {
namespace {

std::string_view line_at(std::string_view source, uint32_t line) {
  for (uint32_t at = 1; at < line && !source.empty(); at++) {
    source.remove_prefix(std::min(source.find('\n'), source.size() - 1) + 1);
  }
  return source.substr(0, source.find('\n'));
}

// jq is full of what YAML gives a meaning of its own unless the text is quoted.
std::string syntax_hint(const definition::Complaint& complaint, std::string_view source) {
  const std::string_view line = line_at(source, complaint.at.line);
  if (complaint.at.line == 0 || line.find("${") == std::string_view::npos) return complaint.hint;
  return "a text with \": \" in it must be quoted: '${ … }'";
}

Report unreadable(const definition::Complaint& complaint, std::string_view source) {
  Report report;
  report.findings.push_back({Severity::kError, code::kSyntax, complaint.at, "", complaint.message,
                             syntax_hint(complaint, source)});
  return report;
}

}  // namespace

size_t Report::count(Severity severity) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

Report lint(std::string_view source) {
  definition::Complaint complaint;
  const Result<definition::Definition> loaded = definition::load(source, complaint);
  if (!loaded.ok()) return unreadable(complaint, source);
  Findings findings(loaded->source_map, source);
  const Node root(loaded->root);
  check_workflow(findings, root);
  check_meaning(findings, root);
  Report report;
  report.findings = findings.take();
  report.name = loaded->name();
  report.title = loaded->title();
  report.summary = loaded->summary();
  report.starts = started_by(root);
  return report;
}

}  // namespace penstock::lint
