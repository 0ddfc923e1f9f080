// Everything that is wrong with a workflow definition, at once: its text, its shapes, and what it
// refers to. Pure: text in, report out. Single thread per call (values are not shared).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/lint/finding.h"

namespace penstock::lint {

struct Report {
  std::vector<Finding> findings;  ///< in the order of the text
  std::string name, title, summary;
  std::vector<std::string> starts;  ///< on the executor's machine: shell, script, mcp

  size_t count(Severity severity) const;
  /// No error among the findings: it may be applied and run.
  bool sound() const { return count(Severity::kError) == 0; }
};

/// Judges a definition's text, YAML or JSON.
Report lint(std::string_view source);

}  // namespace penstock::lint
