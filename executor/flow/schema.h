// Checks a JSON value against a JSON Schema (draft 2020-12, the assertions people use in
// workflows). Immutable, shared by all runs. Limitations: `$ref` reaches into the same document
// only; `unevaluated…`, `$dynamicRef` and `format` are not asserted; patterns are RE2's, so without
// look-around and back-references.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "executor/json/value.h"
#include "proto/status.h"

namespace re2 {
class RE2;
}

namespace penstock::flow {

/// One thing that is wrong with a value. Both places are JSON pointers.
struct SchemaFault {
  std::string pointer;         ///< into the value
  std::string message;         ///< "is less than 5"
  std::string schema_pointer;  ///< the keyword that says so
};

class Schema {
 public:
  /// kInvalid: a pattern that cannot be compiled, a keyword of the wrong type.
  static Result<std::shared_ptr<const Schema>> compile(const json::Value& document);
  ~Schema();

  /// What is wrong with `value`, with the JSON pointer of the place; nullopt: nothing.
  std::optional<std::string> check(const json::Value& value) const;
  /// The first `count_max` things that are wrong.
  std::vector<SchemaFault> faults(const json::Value& value, size_t count_max) const;
  /// Whether the text has a match of a pattern that is in the schema.
  bool matches(std::string_view pattern, std::string_view text) const;

 private:
  Schema() = default;
  Status collect_patterns(const json::Value& schema, uint32_t depth);
  Status add_pattern(std::string_view pattern);

  json::Value document_;
  std::unordered_map<std::string, std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace penstock::flow
