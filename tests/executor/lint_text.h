// The linter's small language for tests: a definition's tasks in, its findings out as lines.
#pragma once

#include <string>
#include <string_view>

#include "executor/lint/lint.h"

namespace penstock::lint {

/// A whole definition around `rest`, which begins with the line after document's.
inline std::string definition(std::string_view rest) {
  return "document: { dsl: '1.0.3', namespace: test, name: test, version: '0.1.0' }\n" +
         std::string(rest);
}

/// One line a finding: `line:column severity code: message (hint)`.
inline std::string findings_of(std::string_view source) {
  std::string out;
  for (const Finding& finding : lint(source).findings) {
    out += std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column);
    out += finding.severity == Severity::kError ? " error " : " warning ";
    out.append(finding.code).append(": ").append(finding.message);
    if (!finding.hint.empty()) out.append(" (").append(finding.hint).append(")");
    out += "\n";
  }
  return out;
}

/// The findings of a definition that is well-formed but for `rest`.
inline std::string told(std::string_view rest) {
  return findings_of(definition(rest));
}

}  // namespace penstock::lint
