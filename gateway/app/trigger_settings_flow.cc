// Dedup, limits, lanes: how events flow into runs.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/app/operator_request.h"
#include "gateway/app/trigger_settings.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;
using Rules = records::FlowRules;

static constexpr size_t kExpressionBytesMax = 4096;
static constexpr uint32_t kCountMax = 1'000'000;

static Rules& rules(TriggerEdit& edit) { return *edit.trigger.mutable_flow(); }

/// "" and the text in `out`, or what is wrong with the expression.
static std::string need_expression(const Json& value, std::string_view name, std::string& out) {
  if (auto wrong = need_text(value, name); !wrong.empty()) return wrong;
  out = value.is_string() ? value.get<std::string>() : std::string();
  if (out.size() > kExpressionBytesMax) return std::string(name) + " is too long";
  return "";
}

static std::string need_rate(const Json& value, std::string_view name, double& out) {
  out = 0;
  if (value.is_null()) return "";
  if (!value.is_number()) return std::string(name) + " must be a number";
  out = value.get<double>();
  if (!(out >= 0 && out <= limits::rate_per_s_max))
    return std::string(name) + " is from 0 to 1000000 a second";
  return "";
}

using SetText = void (*)(Rules&, std::string);
using SetCount = void (*)(Rules&, uint64_t);
using SetRate = void (*)(Rules&, double);
using SetFlag = void (*)(Rules&, bool);

static std::string read_expression(const Json& value, std::string_view name, TriggerEdit& edit,
                                   SetText set) {
  std::string text;
  if (auto wrong = need_expression(value, name, text); !wrong.empty()) return wrong;
  set(rules(edit), std::move(text));
  return "";
}

static std::string read_number(const Json& value, std::string_view name, uint64_t max,
                               TriggerEdit& edit, SetCount set) {
  if (auto wrong = need_count(value, name, max); !wrong.empty()) return wrong;
  set(rules(edit), count_of(value));
  return "";
}

static std::string read_rate(const Json& value, std::string_view name, TriggerEdit& edit,
                             SetRate set) {
  double rate = 0;
  if (auto wrong = need_rate(value, name, rate); !wrong.empty()) return wrong;
  set(rules(edit), rate);
  return "";
}

static std::string read_flag(const Json& value, std::string_view name, TriggerEdit& edit,
                             SetFlag set) {
  if (auto wrong = need_flag(value, name); !wrong.empty()) return wrong;
  set(rules(edit), value.is_boolean() && value.get<bool>());
  return "";
}

static std::string read_fan_out(const Json& value, TriggerEdit& edit) {
  if (value.is_null()) return rules(edit).clear_fan_out(), "";
  if (!value.is_array() || value.size() > limits::fan_out_max)
    return "fan_out is an array of at most " + std::to_string(limits::fan_out_max) + " workflows";
  Rules changed = rules(edit);
  changed.clear_fan_out();
  for (const Json& each : value) {
    if (!each.is_string()) return "fan_out is an array of names of workflows";
    const std::string name = each.get<std::string>();
    if (!edit.catalog.workflow(name)) {
      std::vector<std::string> names;
      for (const WorkflowPtr& known : edit.catalog.workflows()) names.push_back(known->name());
      return "fan_out: no workflow is called " + name + did_you_mean(name, names);
    }
    const auto& so_far = changed.fan_out();
    if (std::find(so_far.begin(), so_far.end(), name) != so_far.end())
      return "fan_out names " + name + " twice";
    changed.add_fan_out(name);
  }
  rules(edit) = std::move(changed);
  return "";
}

static Json show_fan_out(const Trigger& trigger, const Config&) {
  Json names = Json::array();
  for (const std::string& name : trigger.flow().fan_out()) names.push_back(name);
  return names;
}

std::span<const TriggerSetting> flow_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"dedup_key",
       [](const Json& v, TriggerEdit& e) {
         return read_expression(v, "dedup_key", e, [](Rules& r, std::string text) {
           r.set_dedup_key(std::move(text));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().dedup_key()); }},
      {"dedup_ttl_ms",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "dedup_ttl_ms", limits::dedup_ttl_ms_max, e, [](Rules& r, uint64_t ms) {
           r.set_dedup_ttl_ms(ms);
         });
       },
       [](const Trigger& t, const Config&) {
         return Json(t.flow().dedup_ttl_ms() ? t.flow().dedup_ttl_ms() : limits::dedup_ttl_ms);
       }},
      {"dedup_off",
       [](const Json& v, TriggerEdit& e) {
         return read_flag(v, "dedup_off", e, [](Rules& r, bool on) { r.set_dedup_off(on); });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().dedup_off()); }},
      {"dedup_conflict",
       [](const Json& v, TriggerEdit& e) {
         return read_flag(v, "dedup_conflict", e, [](Rules& r, bool on) { r.set_dedup_conflict(on); });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().dedup_conflict()); }},
      {"rate_per_s",
       [](const Json& v, TriggerEdit& e) {
         return read_rate(v, "rate_per_s", e, [](Rules& r, double rate) { r.set_rate_per_s(rate); });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().rate_per_s()); }},
      {"rate_burst",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "rate_burst", kCountMax, e, [](Rules& r, uint64_t n) {
           r.set_rate_burst(static_cast<uint32_t>(n));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().rate_burst()); }},
      {"concurrency_max",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "concurrency_max", kCountMax, e, [](Rules& r, uint64_t n) {
           r.set_concurrency_max(static_cast<uint32_t>(n));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().concurrency_max()); }},
      {"concurrency_key",
       [](const Json& v, TriggerEdit& e) {
         return read_expression(v, "concurrency_key", e, [](Rules& r, std::string text) {
           r.set_concurrency_key(std::move(text));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().concurrency_key()); }},
      {"lane",
       [](const Json& v, TriggerEdit& e) {
         return read_expression(v, "lane", e, [](Rules& r, std::string text) {
           r.set_lane(std::move(text));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().lane()); }},
      {"priority",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "priority", kCountMax, e, [](Rules& r, uint64_t n) {
           r.set_priority(static_cast<uint32_t>(n));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().priority()); }},
      {"delay_ms",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "delay_ms", limits::flow_delay_ms_max, e, [](Rules& r, uint64_t ms) {
           r.set_delay_ms(ms);
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().delay_ms()); }},
      {"throttle_per_s",
       [](const Json& v, TriggerEdit& e) {
         return read_rate(v, "throttle_per_s", e, [](Rules& r, double rate) { r.set_throttle_per_s(rate); });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().throttle_per_s()); }},
      {"breaker_failures",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "breaker_failures", kCountMax, e, [](Rules& r, uint64_t n) {
           r.set_breaker_failures(static_cast<uint32_t>(n));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().breaker_failures()); }},
      {"breaker_open_ms",
       [](const Json& v, TriggerEdit& e) {
         return read_number(v, "breaker_open_ms", limits::flow_delay_ms_max, e, [](Rules& r, uint64_t ms) {
           r.set_breaker_open_ms(ms);
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().breaker_open_ms()); }},
      {"single_flight",
       [](const Json& v, TriggerEdit& e) {
         return read_expression(v, "single_flight", e, [](Rules& r, std::string text) {
           r.set_single_flight(std::move(text));
         });
       },
       [](const Trigger& t, const Config&) { return Json(t.flow().single_flight()); }},
      {"fan_out", read_fan_out, show_fan_out},
  };
  return kSettings;
}

}  // namespace penstock::gateway
