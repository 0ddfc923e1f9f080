// What a delivery may look like.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/app/trigger_settings.h"
#include "gateway/http/chars.h"
#include "proto/suggest.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;

static constexpr size_t kKeptHeadersMax = 100;

static std::string need_words(const Json& value, std::string_view name) {
  const std::string wrong = std::string(name) + " must be a list of strings";
  if (value.is_null()) return "";
  if (!value.is_array() || value.size() > kKeptHeadersMax) return wrong;
  for (const Json& each : value)
    if (!each.is_string()) return wrong;
  return "";
}

static Json words_of(const google::protobuf::RepeatedPtrField<std::string>& words) {
  Json list = Json::array();
  for (const std::string& word : words) list.push_back(word);
  return list;
}

static std::string read_methods(const Json& value, TriggerEdit& edit) {
  static constexpr std::string_view kMethods[] = {"GET", "PUT", "PATCH", "DELETE"};
  if (auto wrong = need_words(value, "methods"); !wrong.empty()) return wrong;
  records::IntakeRules& rules = *edit.trigger.mutable_intake();
  rules.clear_methods();
  if (value.is_null()) return "";
  for (const Json& each : value) {
    std::string method = each.get<std::string>();
    for (char& c : method) c = static_cast<char>(toupper(static_cast<unsigned char>(c)));
    if (method == "POST") continue;  // always
    if (std::ranges::find(kMethods, method) == std::end(kMethods))
      return "methods are GET, PUT, PATCH and DELETE, beside POST" + did_you_mean(method, kMethods);
    if (std::ranges::find(rules.methods(), method) == rules.methods().end())
      rules.add_methods(method);
  }
  return "";
}

static std::string read_keep_headers(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_words(value, "keep_headers"); !wrong.empty()) return wrong;
  records::IntakeRules& rules = *edit.trigger.mutable_intake();
  rules.clear_keep_headers();
  if (value.is_null()) return "";
  for (const Json& each : value) {
    std::string name = each.get<std::string>();
    for (char& c : name) c = static_cast<char>(chars::lower(c));
    rules.add_keep_headers(name);
  }
  return "";
}

static bool flag_of(const Json& value) {
  return value.is_boolean() && value.get<bool>();
}

static std::string read_any_body(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "any_body"); !wrong.empty()) return wrong;
  edit.trigger.mutable_intake()->set_any_body(flag_of(value));
  return "";
}

static std::string read_batch(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "batch"); !wrong.empty()) return wrong;
  edit.trigger.mutable_intake()->set_batch(flag_of(value));
  return "";
}

static std::string read_receipts(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "receipts"); !wrong.empty()) return wrong;
  edit.trigger.mutable_intake()->set_receipts(flag_of(value));
  return "";
}

std::span<const TriggerSetting> intake_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"methods", read_methods,
       [](const Trigger& t, const Config&) { return words_of(t.intake().methods()); }},
      {"any_body", read_any_body,
       [](const Trigger& t, const Config&) { return Json(t.intake().any_body()); }},
      {"batch", read_batch,
       [](const Trigger& t, const Config&) { return Json(t.intake().batch()); }},
      {"keep_headers", read_keep_headers,
       [](const Trigger& t, const Config&) { return words_of(t.intake().keep_headers()); }},
      {"receipts", read_receipts,
       [](const Trigger& t, const Config&) { return Json(t.intake().receipts()); }},
  };
  return kSettings;
}

}  // namespace penstock::gateway
