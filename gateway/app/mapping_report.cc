#include "gateway/app/mapping_report.h"

#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/sample_fields.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static constexpr size_t value_bytes_max = 4096;  // shown of a variable's value

/// As it is, or a large one's beginning as text.
static Json shown(const std::string& json) {
  if (json.empty()) return nullptr;
  if (json.size() > value_bytes_max) return json.substr(0, value_bytes_max) + "…";
  return Json::parse(json, nullptr, false);
}

static const worker::VariableReport* find(const worker::Screened& found, const std::string& name) {
  for (const auto& report : found.reports())
    if (report.name() == name) return &report;
  return nullptr;
}

static Json value_of(const Sample& sample, const worker::VariableReport* report) {
  Json one = {{"sample", sample.id.text()}};
  if (!report) return one["value"] = nullptr, one;
  one["value"] = shown(report->value());
  if (report->defaulted()) one["defaulted"] = true;
  if (!report->error().empty()) one["error"] = report->error();
  return one;
}

/// Of one expression: its value for each sample, and how many went well.
static void add_values(Json& row, const std::string& name, const Samples::List& samples,
                       const std::vector<worker::Screened>& found) {
  Json values = Json::array();
  size_t present = 0, defaulted = 0, failed = 0;
  for (size_t i = 0; i < samples.size(); i++) {
    const worker::VariableReport* report = find(found[i], name);
    values.push_back(value_of(samples[i], report));
    if (!report) continue;
    if (report->defaulted())
      defaulted++;
    else if (!report->error().empty())
      failed++;
    else if (report->value() != "null" && !report->value().empty())
      present++;
  }
  row["present"] = present;
  row["defaulted"] = defaulted;
  row["failed"] = failed;
  row["values"] = std::move(values);
}

static Json variable_row(const records::Variable& variable) {
  Json row = {{"name", variable.name()},
              {"expression", variable.expression()},
              {"required", variable.required()}};
  if (!variable.default_json().empty()) row["default"] = shown(variable.default_json());
  return row;
}

static Json filter_row(const std::string& filter, const Samples::List& samples,
                       const std::vector<worker::Screened>& found) {
  Json row = {{"expression", filter}};
  size_t passes = 0;
  for (const worker::Screened& one : found)
    if (const auto* report = find(one, "$filter")) passes += report->value() == "true";
  row["passes"] = passes;
  add_values(row, "$filter", samples, found);
  row.erase("present");
  row.erase("defaulted");
  return row;
}

static Json schema_row(const Samples::List& samples, const std::vector<worker::Screened>& found) {
  Json breaches = Json::array();
  for (size_t i = 0; i < samples.size(); i++) {
    for (const auto& fault : found[i].schema_faults())
      breaches.push_back({{"sample", samples[i].id.text()},
                          {"pointer", fault.pointer()},
                          {"message", fault.message()},
                          {"schema_pointer", fault.schema_pointer()}});
  }
  return {{"breaches", std::move(breaches)}};
}

Json mapping_report(const records::TriggerDefinition& trigger, const Samples::List& samples,
                    const std::vector<worker::Screened>& found) {
  const records::MappingRules& mapping = trigger.mapping();
  Json variables = Json::array();
  for (const records::Variable& variable : mapping.variables()) {
    Json row = variable_row(variable);
    add_values(row, variable.name(), samples, found);
    variables.push_back(std::move(row));
  }
  Json report = {{"trigger", trigger.name()},
                 {"version", trigger.version()},
                 {"samples", samples.size()},
                 {"variables", std::move(variables)}};
  report["filter"] =
      mapping.filter().empty() ? Json(nullptr) : filter_row(mapping.filter(), samples, found);
  report["schema"] = mapping.schema().empty() ? Json(nullptr) : schema_row(samples, found);
  return report;
}

static Json body_of(const std::string& body) {
  constexpr size_t body_bytes_max = 64 * 1024;
  if (body.size() > body_bytes_max) return nullptr;  // GET /v1/events/{id} has it
  Json parsed = Json::parse(body, nullptr, false);
  return parsed.is_discarded() ? Json(nullptr) : parsed;
}

Json samples_report(const records::TriggerDefinition& trigger, const Samples::List& samples) {
  std::vector<std::string_view> bodies;
  Json rows = Json::array();
  for (const Sample& sample : samples) {
    bodies.push_back(sample.body);
    rows.push_back({{"id", sample.id.text()},
                    {"created_at", iso_time(sample.id.time_ms())},
                    {"captured", sample.meta.captured()},
                    {"method", sample.meta.method()},
                    {"path", sample.meta.path()},
                    {"content_type", sample.meta.content_type()},
                    {"body_bytes", sample.body.size()},
                    {"body", body_of(sample.body)}});
  }
  const FieldList list = fields_of(bodies);
  Json fields = Json::array();
  for (const Field& field : list.fields) {
    Json row = {{"path", field.path}, {"type", field.type}};
    row["example"] =
        field.example.empty() ? Json(nullptr) : Json::parse(field.example, nullptr, false);
    row["count"] = field.count;
    row["of"] = samples.size();
    fields.push_back(std::move(row));
  }
  return {{"trigger", trigger.name()},  {"samples_max", samples_wanted(trigger)},
          {"samples", std::move(rows)}, {"fields", std::move(fields)},
          {"fields_cut", list.cut},     {"next", nullptr}};
}

}  // namespace penstock::gateway
