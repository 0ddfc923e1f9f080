#include "executor/screen/screener.h"

#include "executor/screen/event_facts.h"
#include "proto/limits.h"

namespace penstock::screen {
namespace {

/// One event against one trigger's rules.
class Screening {
 public:
  Screening(const Rules& rules, jq::Runner& runner, const worker::Screen& wanted,
            worker::Screened& out)
      : rules_(rules), runner_(runner), wanted_(wanted), out_(out) {}

  void check_only() {
    out_.set_fault(rules_.fault());
    for (const Rule* rule : rules_.others())
      if (!rule->fault.empty()) report(rule->name).set_error(rule->fault);
    if (!rules_.schema_fault.empty()) report("$schema").set_error(rules_.schema_fault);
    for (const VariableRule& variable : rules_.variables)
      if (!variable.rule.fault.empty()) report(variable.rule.name).set_error(variable.rule.fault);
  }

  void judge(const json::Value& body) {
    body_ = &body;
    if (!filter_holds() && !wanted_.report()) return;
    if (!schema_holds() && !wanted_.report()) return;
    map();
    key(rules_.dedup_key, out_.mutable_dedup_key());
    key(rules_.lane, out_.mutable_lane());
    key(rules_.concurrency_key, out_.mutable_concurrency_key());
    key(rules_.single_flight, out_.mutable_single_flight());
  }

 private:
  Result<json::Value> evaluate(const Rule& rule) {
    if (!rule.program) return Status::invalid(rule.fault);
    if (rule.wants_event && event_.is_null()) event_ = event_facts(wanted_.meta());
    const json::Value variables[] = {rule.wants_event ? event_ : json::Value()};
    return runner_.first(*rule.program, *body_, variables);
  }

  worker::VariableReport& report(const std::string& name) {
    worker::VariableReport& one = *out_.add_reports();
    one.set_name(name);
    return one;
  }

  void fail(const Rule& rule, const std::string& why) {
    if (wanted_.report()) report(rule.name).set_error(why);
    if (out_.fault().empty()) out_.set_fault(rule.name.substr(1) + " `" + rule.text + "`: " + why);
  }

  bool filter_holds() {
    if (!rules_.filter.is_set()) return true;
    const Result<json::Value> value = evaluate(rules_.filter);
    if (!value.ok()) return fail(rules_.filter, value.status().message()), true;
    out_.set_filtered(!value->truthy());
    if (wanted_.report()) report("$filter").set_value(value->truthy() ? "true" : "false");
    return value->truthy();
  }

  bool schema_holds() {
    if (!rules_.schema) return true;
    const auto faults = rules_.schema->faults(*body_, limits::schema_faults_max);
    for (const flow::SchemaFault& fault : faults) {
      worker::SchemaFault& told = *out_.add_schema_faults();
      told.set_pointer(fault.pointer);
      told.set_message(fault.message.substr(0, 1000));
      told.set_schema_pointer(fault.schema_pointer);
    }
    return faults.empty();
  }

  void map() {
    if (rules_.variables.empty()) return;
    json::Value made = json::Value::object();
    for (const VariableRule& variable : rules_.variables)
      made.set(variable.rule.name, make(variable));
    if (made.weight() > limits::variables_bytes_max && out_.mapping_error().empty())
      out_.set_mapping_error("the variables take more than " +
                             std::to_string(limits::variables_bytes_max >> 20) + " MiB together");
    if (out_.mapping_error().empty()) made.write(*out_.mutable_variables());
  }

  json::Value make(const VariableRule& variable) {
    Result<json::Value> value = evaluate(variable.rule);
    std::string error = value.ok() ? "" : value.status().message();
    const bool missing = !value.ok() || value->is_null();
    const bool defaulted = missing && variable.fallback.has_value();
    json::Value made = defaulted ? *variable.fallback : missing ? json::Value() : *value;
    if (missing && !defaulted && variable.required && error.empty())
      error = "it is required and missing from this event";
    if (!error.empty() && !defaulted && out_.mapping_error().empty())
      out_.set_mapping_error("variable " + variable.rule.name + " (" + variable.rule.text +
                             "): " + error);
    if (!wanted_.report()) return made;
    worker::VariableReport& told = report(variable.rule.name);
    if (error.empty() || defaulted) made.write(*told.mutable_value());
    told.set_error(error);
    told.set_defaulted(defaulted);
    return made;
  }

  /// A text as it is, any other value as compact JSON; nothing for null.
  void key(const Rule& rule, std::string* out) {
    if (!rule.is_set()) return;
    const Result<json::Value> value = evaluate(rule);
    if (!value.ok()) return fail(rule, value.status().message());
    std::string text;
    if (value->is_string())
      text = std::string(value->as_string());
    else if (!value->is_null())
      text = value->dump();
    if (text.size() > limits::screen_key_bytes_max)
      return fail(rule, "the key is longer than " + std::to_string(limits::screen_key_bytes_max) +
                            " bytes");
    if (wanted_.report()) report(rule.name).set_value(json::Value::string(text).dump());
    *out = std::move(text);
  }

  const Rules& rules_;
  jq::Runner& runner_;
  const worker::Screen& wanted_;
  worker::Screened& out_;
  const json::Value* body_ = nullptr;
  json::Value event_;
};

}  // namespace

const Rules* Screener::rules_of(const std::string& trigger) {
  if (const auto found = index_.find(trigger); found != index_.end()) {
    kept_.splice(kept_.begin(), kept_, found->second);
    return &found->second->rules;
  }
  records::TriggerDefinition definition;
  if (!definition.ParseFromString(trigger)) return nullptr;
  if (kept_.size() >= limits::screeners_max) {
    index_.erase(kept_.back().trigger);
    kept_.pop_back();
  }
  kept_.push_front({trigger, Rules::compile(definition)});
  index_[kept_.front().trigger] = kept_.begin();
  return &kept_.front().rules;
}

worker::Screened Screener::screen(const worker::Screen& wanted) {
  worker::Screened out;
  out.set_cookie(wanted.cookie());
  const Rules* rules = rules_of(wanted.trigger());
  if (!rules) {
    out.set_fault("the trigger cannot be read");
    return out;
  }
  Screening screening(*rules, runner_, wanted, out);
  if (wanted.body().empty()) {
    screening.check_only();
    return out;
  }
  const Result<json::Value> body = parser_.parse(wanted.body());
  if (body.ok())
    screening.judge(*body);
  else
    out.set_fault("the event's body is no JSON: " + body.status().message());
  return out;
}

}  // namespace penstock::screen
