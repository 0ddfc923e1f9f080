// A workflow definition as it was written: its values and where each stands in the text.
// Loading bounds size, depth and aliases and refuses what is not YAML 1.2 or JSON; whether the
// values make a workflow is executor/lint's to say. Immutable once loaded; single thread, like the
// values in it.
#pragma once

#include <string>
#include <string_view>

#include "executor/definition/source_map.h"
#include "executor/definition/yaml_reader.h"
#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::definition {

struct Definition {
  json::Value root;
  SourceMap source_map;

  /// document.name, document.version and so on; "" where there is none. The view lives as long as
  /// `root`.
  std::string_view document(std::string_view key) const;
  std::string_view name() const { return document("name"); }
  std::string_view version() const { return document("version"); }
  std::string_view title() const { return document("title"); }
  std::string_view summary() const { return document("summary"); }
};

/// Loads YAML or JSON. The fault's message begins with `line:column: ` where the place is known.
Result<Definition> load(std::string_view source);

/// The same; what is wrong and where is left in `complaint`.
Result<Definition> load(std::string_view source, Complaint& complaint);

}  // namespace penstock::definition
