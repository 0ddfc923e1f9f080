// Gathers what the rules find; gives it back in the order of the text, each mistake once.
// Made for one lint, used by one thread. `map` and `source`, the text judged, must outlive it.
// Limitations: keeps limits::lint_findings_max errors and as many warnings, and drops the rest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/definition/source_map.h"
#include "executor/lint/finding.h"
#include "executor/lint/node.h"

namespace penstock::lint {

/// Which part of a member a finding points at.
enum class At : uint8_t { kValue, kKey };

class Findings {
 public:
  Findings(const definition::SourceMap& map, std::string_view source)
      : map_(map), source_(source) {}
  /// An empty one for the same text.
  Findings fresh() const { return {map_, source_}; }

  void error(std::string_view code, const Node& node, At at, std::string message,
             std::string hint = {});
  void warning(std::string_view code, const Node& node, At at, std::string message,
               std::string hint = {});

  /// An error at a place within the node's text.
  void error_within(std::string_view code, const Node& node, definition::Position at,
                    std::string message);
  /// Where `part`, on one line, stands in the text of the node's value; line 0 where it does not.
  definition::Position locate(const Node& node, std::string_view part) const;

  /// Takes over what `other` found, its errors turned into warnings.
  void absorb_as_warnings(Findings&& other);
  bool has_errors() const { return counts_[static_cast<size_t>(Severity::kError)] > 0; }
  /// No more errors are taken: whoever would work to find more may stop.
  bool full() const { return !takes(Severity::kError); }
  /// Everything found, sorted by place; where one place has several, the first error (or else the
  /// first warning) stands for all.
  std::vector<Finding> take();

 private:
  bool takes(Severity severity) const;
  void add(Severity severity, std::string_view code, const Node& node, At at, std::string message,
           std::string hint);
  void add(Finding finding);

  const definition::SourceMap& map_;
  std::string_view source_;
  std::vector<Finding> list_;
  size_t counts_[2] = {};  ///< by severity, each bounded so that neither hides the other
};

}  // namespace penstock::lint
