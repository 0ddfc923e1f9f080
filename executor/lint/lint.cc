#include "executor/lint/lint.h"

#include <algorithm>

#include "executor/definition/definition.h"
#include "executor/lint/findings.h"
#include "executor/lint/meaning.h"
#include "executor/lint/rules.h"

namespace penstock::lint {
namespace {

Report unreadable(const definition::Complaint& complaint) {
  Report report;
  report.findings.push_back(
      {Severity::kError, code::kSyntax, complaint.at, "", complaint.message, complaint.hint});
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
  if (!loaded.ok()) return unreadable(complaint);
  Findings findings(loaded->source_map);
  const Node root(loaded->root);
  check_workflow(findings, root);
  check_meaning(findings, root);
  Report report;
  report.findings = findings.take();
  report.name = loaded->name();
  report.title = loaded->title();
  report.summary = loaded->summary();
  return report;
}

}  // namespace penstock::lint
