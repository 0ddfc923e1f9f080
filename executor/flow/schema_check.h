// One check of a value against a schema: walks both, keeps the place for the complaint. Lives for
// one call of Schema::check.
#pragma once

#include <string>
#include <vector>

#include "executor/flow/schema.h"
#include "executor/json/value.h"

namespace penstock::flow {

class SchemaCheck {
 public:
  SchemaCheck(const Schema& schema, const json::Value& document)
      : schema_(schema), document_(document) {}

  bool holds(const json::Value& schema, const json::Value& value);
  /// The first thing that was wrong, when holds() said no.
  const std::string& complaint() const { return complaint_; }

 private:
  bool keywords_hold(const json::Value& schema, const json::Value& value);
  bool type_holds(const json::Value& schema, const json::Value& value);
  bool constants_hold(const json::Value& schema, const json::Value& value);
  bool number_holds(const json::Value& schema, const json::Value& value);
  bool string_holds(const json::Value& schema, const json::Value& value);
  bool array_holds(const json::Value& schema, const json::Value& value);
  bool items_hold(const json::Value& schema, const json::Value& value);
  bool contains_holds(const json::Value& schema, const json::Value& value);
  bool object_holds(const json::Value& schema, const json::Value& value);
  bool properties_hold(const json::Value& schema, const json::Value& value);
  bool dependents_hold(const json::Value& schema, const json::Value& value);
  bool combined_hold(const json::Value& schema, const json::Value& value);
  bool condition_holds(const json::Value& schema, const json::Value& value);
  bool reference_holds(const json::Value& schema, const json::Value& value);
  size_t count_holding(const json::Value& schemas, const json::Value& value);
  bool quietly(const json::Value& schema, const json::Value& value);
  bool below(const std::string& step, const json::Value& schema, const json::Value& value);
  bool complain(const std::string& what);

  const Schema& schema_;
  const json::Value& document_;
  std::vector<std::string> path_;
  std::string complaint_;
  uint32_t depth_ = 0;
  uint64_t steps_ = 0;
};

}  // namespace penstock::flow
