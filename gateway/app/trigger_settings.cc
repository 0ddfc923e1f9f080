#include "gateway/app/trigger_settings.h"

#include <nlohmann/json.hpp>

#include "gateway/app/operator_request.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

std::vector<TriggerSetting> all_settings() {
  std::vector<TriggerSetting> all;
  for (const auto area : {core_settings(), door_settings(), intake_settings(), flow_settings(),
                          mapping_settings(), reply_settings()})
    all.insert(all.end(), area.begin(), area.end());
  return all;
}

static std::string unknown(const std::string& key, const std::vector<TriggerSetting>& all) {
  std::vector<std::string> names{"name"};
  for (const TriggerSetting& setting : all) names.emplace_back(setting.name);
  return "unknown setting " + key + did_you_mean(key, names);
}

std::string read_settings(const Json& object, TriggerEdit& edit) {
  const std::vector<TriggerSetting> all = all_settings();
  for (const auto& [key, value] : object.items()) {
    if (key == "name") continue;
    const auto named = [&key = key](const TriggerSetting& each) { return each.name == key; };
    const auto setting = std::find_if(all.begin(), all.end(), named);
    if (setting == all.end() || !setting->read) return unknown(key, all);
    if (std::string wrong = setting->read(value, edit); !wrong.empty()) return wrong;
  }
  return "";
}

void show_settings(const records::TriggerDefinition& trigger, const Config& config, Json& out) {
  for (const TriggerSetting& setting : all_settings())
    if (setting.show) out[std::string(setting.name)] = setting.show(trigger, config);
}

static std::string must_be(std::string_view name, std::string_view what) {
  return std::string(name) + " must be " + std::string(what);
}

std::string need_text(const Json& value, std::string_view name) {
  return value.is_string() || value.is_null() ? "" : must_be(name, "a string");
}

std::string need_flag(const Json& value, std::string_view name) {
  return value.is_boolean() || value.is_null() ? "" : must_be(name, "true or false");
}

std::string need_count(const Json& value, std::string_view name, uint64_t max) {
  if (value.is_null()) return "";
  if (!value.is_number_unsigned()) return must_be(name, "a whole number");
  if (value.get<uint64_t>() > max)
    return std::string(name) + " is at most " + std::to_string(max);
  return "";
}

uint64_t count_of(const Json& value) { return value.is_null() ? 0 : value.get<uint64_t>(); }

}  // namespace penstock::gateway
