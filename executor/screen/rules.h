// A trigger's expressions and schema, compiled once and used for all its events: what
// worker::Screen asks an executor for. A rule that does not compile is kept with its fault.
// Immutable; one thread (programs share plain reference counts).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/flow/schema.h"
#include "executor/jq/jq.h"
#include "executor/json/value.h"
#include "proto/records.pb.h"

namespace penstock::screen {

/// One expression. `.` is the event's body, `$event` the facts of its delivery.
struct Rule {
  std::string name;          ///< a variable's, or behind a dollar sign what it is for: $filter
  std::string text;          ///< as it was written
  jq::ProgramPtr program;    ///< null: see fault
  bool wants_event = false;  ///< mentions $event
  std::string fault;

  bool is_set() const { return program || !fault.empty(); }
};

struct VariableRule {
  Rule rule;
  bool required = false;
  std::optional<json::Value> fallback;
};

struct Rules {
  std::vector<VariableRule> variables;
  Rule filter, dedup_key, lane, concurrency_key, single_flight;
  std::shared_ptr<const flow::Schema> schema;
  std::string schema_fault;

  static Rules compile(const records::TriggerDefinition& trigger);
  /// The first thing that does not compile, with its name; "" when all does.
  std::string fault() const;
  /// The rules that are no variables and are set.
  std::vector<const Rule*> others() const;
};

}  // namespace penstock::screen
