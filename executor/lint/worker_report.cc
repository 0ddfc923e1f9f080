#include "executor/lint/worker_report.h"

#include "executor/lint/lint.h"

namespace penstock::lint {

static void fill(const Finding& finding, worker::Finding& out) {
  out.set_severity(finding.severity == Severity::kError ? "error" : "warning");
  out.set_code(std::string(finding.code));
  out.set_line(finding.at.line);
  out.set_column(finding.at.column);
  out.set_pointer(finding.pointer);
  out.set_message(finding.message);
  out.set_hint(finding.hint);
}

worker::LintReport lint_report(std::string_view source) {
  const Report judged = lint(source);
  worker::LintReport report;
  report.set_sound(judged.sound());
  report.set_name(judged.name);
  report.set_title(judged.title);
  report.set_summary(judged.summary);
  for (const Finding& finding : judged.findings) fill(finding, *report.add_findings());
  return report;
}

}  // namespace penstock::lint
