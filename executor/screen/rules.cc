#include "executor/screen/rules.h"

#include "executor/definition/expression.h"
#include "executor/json/parse.h"
#include "proto/limits.h"

namespace penstock::screen {

static const std::vector<std::string> kEventName = {"event"};

static Rule compile_rule(std::string name, const std::string& text) {
  Rule rule{std::move(name), text, nullptr, false, ""};
  if (text.size() > limits::expression_bytes_max) {
    rule.fault =
        "the expression is longer than " + std::to_string(limits::expression_bytes_max) + " bytes";
    return rule;
  }
  const std::string_view jq = definition::expression_field(text);
  if (jq.empty()) {
    rule.fault = "the expression is empty";
    return rule;
  }
  rule.wants_event = jq.find("$event") != std::string_view::npos;
  Result<jq::ProgramPtr> program = jq::compile(jq, kEventName);
  if (program.ok())
    rule.program = *std::move(program);
  else
    rule.fault = program.status().message();
  return rule;
}

static Rule optional_rule(std::string name, const std::string& text) {
  return text.empty() ? Rule() : compile_rule(std::move(name), text);
}

static VariableRule compile_variable(const records::Variable& variable) {
  VariableRule made{compile_rule(variable.name(), variable.expression()), variable.required(), {}};
  if (variable.default_json().empty()) return made;
  Result<json::Value> fallback = json::parse(variable.default_json());
  if (fallback.ok())
    made.fallback = *std::move(fallback);
  else
    made.rule.fault = "the default is no JSON: " + fallback.status().message();
  if (!fallback.ok()) made.rule.program = nullptr;
  return made;
}

static void compile_schema(const std::string& text, Rules& rules) {
  if (text.empty()) return;
  const Result<json::Value> document = json::parse(text);
  if (!document.ok()) {
    rules.schema_fault = document.status().message();
    return;
  }
  auto schema = flow::Schema::compile(*document);
  if (schema.ok())
    rules.schema = *std::move(schema);
  else
    rules.schema_fault = schema.status().message();
}

Rules Rules::compile(const records::TriggerDefinition& trigger) {
  Rules rules;
  for (const records::Variable& variable : trigger.mapping().variables())
    rules.variables.push_back(compile_variable(variable));
  rules.filter = optional_rule("$filter", trigger.mapping().filter());
  compile_schema(trigger.mapping().schema(), rules);
  const records::FlowRules& flow = trigger.flow();
  rules.dedup_key = optional_rule("$dedup_key", flow.dedup_key());
  rules.lane = optional_rule("$lane", flow.lane());
  rules.concurrency_key = optional_rule("$concurrency_key", flow.concurrency_key());
  if (flow.single_flight() != "body")
    rules.single_flight = optional_rule("$single_flight", flow.single_flight());
  return rules;
}

std::vector<const Rule*> Rules::others() const {
  std::vector<const Rule*> set;
  for (const Rule* rule : {&filter, &dedup_key, &lane, &concurrency_key, &single_flight})
    if (rule->is_set()) set.push_back(rule);
  return set;
}

std::string Rules::fault() const {
  for (const Rule* rule : others())
    if (!rule->fault.empty()) return rule->name.substr(1) + " `" + rule->text + "`: " + rule->fault;
  if (!schema_fault.empty()) return "schema: " + schema_fault;
  for (const VariableRule& variable : variables)
    if (!variable.rule.fault.empty())
      return variable.rule.name + " `" + variable.rule.text + "`: " + variable.rule.fault;
  return "";
}

}  // namespace penstock::screen
