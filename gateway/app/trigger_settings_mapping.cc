// From an event to a workflow's input: filter, schema, variables.
#include <nlohmann/json.hpp>

#include "gateway/app/operator_request.h"
#include "gateway/app/trigger_settings.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;

/// A variable is a member of the input: `.name` in jq.
static bool is_variable_name(const std::string& name) {
  if (name.empty() || name.size() > limits::name_bytes_max) return false;
  for (const char c : name)
    if (!isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  return !isdigit(static_cast<unsigned char>(name.front()));
}

static records::Variable* find(records::MappingRules& mapping, const std::string& name) {
  for (records::Variable& variable : *mapping.mutable_variables())
    if (variable.name() == name) return &variable;
  return nullptr;
}

static void remove(records::MappingRules& mapping, const std::string& name) {
  auto& all = *mapping.mutable_variables();
  for (int i = all.size(); i-- > 0;)
    if (all[i].name() == name) all.DeleteSubrange(i, 1);
}

static std::string read_expression(const std::string& where, const Json& value, std::string& out) {
  if (!value.is_string() || value.get<std::string>().empty())
    return where + ": the expression must be jq, such as .data.customer.email";
  out = value.get<std::string>();
  if (out.size() > limits::expression_bytes_max)
    return where + ": the expression is longer than " +
           std::to_string(limits::expression_bytes_max) + " bytes";
  return "";
}

/// {"expression", "required", "default"}; what is not named stays.
static std::string read_members(const std::string& name, const Json& value,
                                records::Variable& variable) {
  static const std::vector<std::string> known = {"expression", "required", "default"};
  for (const auto& [key, member] : value.items()) {
    if (key == "expression") {
      if (auto wrong = read_expression(name, member, *variable.mutable_expression());
          !wrong.empty())
        return wrong;
    } else if (key == "required") {
      if (auto wrong = need_flag(member, name + ": required"); !wrong.empty()) return wrong;
      variable.set_required(member.is_boolean() && member.get<bool>());
    } else if (key == "default") {
      variable.set_default_json(member.is_null() ? "" : member.dump());
    } else {
      return name + ": unknown member " + key + did_you_mean(key, known);
    }
  }
  return variable.expression().empty() ? name + " has no expression" : "";
}

static std::string read_variable(const std::string& name, const Json& value,
                                 records::MappingRules& mapping) {
  if (value.is_null()) return remove(mapping, name), "";
  if (!is_variable_name(name)) return "variables are named by letters, digits and _, not " + name;
  records::Variable* variable = find(mapping, name);
  if (!variable) {
    if (mapping.variables_size() >= static_cast<int>(limits::variables_max))
      return "a trigger has at most " + std::to_string(limits::variables_max) + " variables";
    variable = mapping.add_variables();
    variable->set_name(name);
  }
  if (value.is_string()) return read_expression(name, value, *variable->mutable_expression());
  if (value.is_object()) return read_members(name, value, *variable);
  return name + " must be a jq expression or an object with expression, required, default";
}

/// Named variables are set, those that are null removed, the others stay; null removes all.
static std::string read_variables(const Json& value, TriggerEdit& edit) {
  records::MappingRules& mapping = *edit.trigger.mutable_mapping();
  if (value.is_null()) return mapping.clear_variables(), "";
  if (!value.is_object()) return "variables must be an object: each name with its jq expression";
  for (const auto& [name, variable] : value.items())
    if (auto wrong = read_variable(name, variable, mapping); !wrong.empty()) return wrong;
  return "";
}

static std::string read_filter(const Json& value, TriggerEdit& edit) {
  std::string& filter = *edit.trigger.mutable_mapping()->mutable_filter();
  if (value.is_null() || value == "") return filter.clear(), "";
  return read_expression("filter", value, filter);
}

static std::string read_schema(const Json& value, TriggerEdit& edit) {
  std::string& schema = *edit.trigger.mutable_mapping()->mutable_schema();
  if (value.is_null()) return schema.clear(), "";
  if (!value.is_object() && !value.is_boolean()) return "schema must be a JSON Schema, an object";
  schema = value.dump();
  if (schema.size() > limits::schema_bytes_max)
    return "schema is larger than " + std::to_string(limits::schema_bytes_max >> 10) + " KiB";
  return "";
}

static std::string read_samples_max(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "samples_max", limits::samples_ceiling); !wrong.empty())
    return wrong;
  edit.trigger.mutable_mapping()->set_samples_max(static_cast<uint32_t>(count_of(value)));
  return "";
}

static Json show_variables(const Trigger& trigger, const Config&) {
  Json all = Json::object();
  for (const records::Variable& variable : trigger.mapping().variables()) {
    Json one = {{"expression", variable.expression()}, {"required", variable.required()}};
    if (!variable.default_json().empty())
      one["default"] = Json::parse(variable.default_json(), nullptr, false);
    all[variable.name()] = std::move(one);
  }
  return all;
}

static Json show_filter(const Trigger& trigger, const Config&) {
  return trigger.mapping().filter().empty() ? Json(nullptr) : Json(trigger.mapping().filter());
}

static Json show_schema(const Trigger& trigger, const Config&) {
  const std::string& schema = trigger.mapping().schema();
  return schema.empty() ? Json(nullptr) : Json::parse(schema, nullptr, false);
}

static Json show_samples_max(const Trigger& trigger, const Config&) {
  const uint32_t set = trigger.mapping().samples_max();
  return set ? Json(set) : Json(limits::samples_max);
}

std::span<const TriggerSetting> mapping_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"variables", read_variables, show_variables},
      {"filter", read_filter, show_filter},
      {"schema", read_schema, show_schema},
      {"samples_max", read_samples_max, show_samples_max},
  };
  return kSettings;
}

}  // namespace penstock::gateway
