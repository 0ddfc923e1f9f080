// One check of a value against a schema: walks both, keeps the places for its complaints. Lives for
// one call of Schema::faults.
#pragma once

#include <string>
#include <vector>

#include "executor/flow/schema.h"
#include "executor/json/value.h"

namespace penstock::flow {

class SchemaCheck {
 public:
  SchemaCheck(const Schema& schema, const json::Value& document, size_t faults_max)
      : schema_(schema), document_(document), faults_max_(faults_max) {}

  bool holds(const json::Value& schema, const json::Value& value);
  /// What was wrong, when holds() said no.
  std::vector<SchemaFault> take_faults() { return std::move(faults_); }

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
  bool below(const std::string& step, const std::string& keyword, const json::Value& schema,
             const json::Value& value);
  bool within(const std::string& keyword, const json::Value& schema, const json::Value& value);
  bool complain(std::string_view keyword, const std::string& what);
  /// Looking further would say nothing more.
  bool done() const { return quiet_ > 0 || faults_.size() >= faults_max_; }

  const Schema& schema_;
  const json::Value& document_;
  const size_t faults_max_;
  std::vector<std::string> path_, schema_path_;  // steps, escaped
  std::vector<SchemaFault> faults_;
  uint32_t quiet_ = 0;
  uint32_t depth_ = 0;
  uint64_t steps_ = 0;
};

}  // namespace penstock::flow
