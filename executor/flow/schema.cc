#include "executor/flow/schema.h"

#include <re2/re2.h>

#include "executor/flow/schema_check.h"

namespace penstock::flow {

static constexpr uint32_t kSchemaDepthMax = 128;

Schema::~Schema() = default;

Result<std::shared_ptr<const Schema>> Schema::compile(const json::Value& document) {
  if (!document.is_object() && !document.is_bool()) {
    return Status::invalid("a JSON schema is an object");
  }
  std::shared_ptr<Schema> schema(new Schema);
  schema->document_ = document;
  if (Status status = schema->collect_patterns(document, 0); !status) return status;
  return std::shared_ptr<const Schema>(std::move(schema));
}

// Every text behind `pattern` and every key behind `patternProperties`, wherever it stands: a few
// too many (a property that is called "pattern") do no harm when they compile.
Status Schema::collect_patterns(const json::Value& schema, uint32_t depth) {
  if (depth > kSchemaDepthMax) return Status::invalid("the JSON schema is nested too deeply");
  for (size_t i = 0; i < schema.size(); i++) {
    const json::Value child = schema.at(i);
    PENSTOCK_TRY(collect_patterns(child, depth + 1));
    if (!schema.is_object()) continue;
    const std::string key(schema.member(i).key.as_string());
    if (key == "pattern" && child.is_string()) PENSTOCK_TRY(add_pattern(child.as_string()));
    if (key != "patternProperties") continue;
    for (size_t k = 0; k < child.size(); k++) {
      if (child.is_object()) PENSTOCK_TRY(add_pattern(child.member(k).key.as_string()));
    }
  }
  return Status();
}

Status Schema::add_pattern(std::string_view pattern) {
  auto& slot = patterns_[std::string(pattern)];
  if (slot) return Status();
  slot = std::make_unique<RE2>(pattern, RE2::Quiet);
  if (slot->ok()) return Status();
  return Status::invalid("pattern '" + std::string(pattern) + "': " + slot->error());
}

bool Schema::matches(std::string_view pattern, std::string_view text) const {
  auto found = patterns_.find(std::string(pattern));
  return found == patterns_.end() || RE2::PartialMatch(text, *found->second);
}

std::optional<std::string> Schema::check(const json::Value& value) const {
  const std::vector<SchemaFault> first = faults(value, 1);
  if (first.empty()) return std::nullopt;
  const SchemaFault& fault = first.front();
  return (fault.pointer.empty() ? "the value" : fault.pointer) + " " + fault.message;
}

std::vector<SchemaFault> Schema::faults(const json::Value& value, size_t count_max) const {
  SchemaCheck check(*this, document_, count_max);
  (void)check.holds(document_, value);
  return check.take_faults();
}

}  // namespace penstock::flow
