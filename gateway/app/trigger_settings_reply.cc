// How a trigger's callers get replies: hang-up, retention, streams, callbacks.
#include <nlohmann/json.hpp>

#include "gateway/app/operator_request.h"
#include "gateway/app/trigger_settings.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;

static std::string read_on_hang_up(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "on_hang_up"); !wrong.empty()) return wrong;
  const std::string policy = value.is_null() ? "" : value.get<std::string>();
  if (!policy.empty() && policy != "continue" && policy != "cancel" && policy != "grace")
    return "on_hang_up is continue, cancel or grace" +
           did_you_mean(policy, {"continue", "cancel", "grace"});
  edit.trigger.mutable_replies()->set_on_hang_up(policy == "continue" ? "" : policy);
  return "";
}

static std::string read_grace(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "grace_ms", limits::hang_up_grace_ms_max); !wrong.empty())
    return wrong;
  edit.trigger.mutable_replies()->set_grace_ms(count_of(value));
  return "";
}

static std::string read_retention(const Json& value, TriggerEdit& edit) {
  static constexpr uint64_t kMax = limits::timer_ms_max;
  if (auto wrong = need_count(value, "result_retention_ms", kMax); !wrong.empty()) return wrong;
  edit.trigger.mutable_replies()->set_result_retention_ms(count_of(value));
  return "";
}

static std::string read_stream_bytes(const Json& value, TriggerEdit& edit) {
  static constexpr uint64_t kMax = limits::stream_piece_bytes_max / 4;
  if (auto wrong = need_count(value, "stream_bytes", kMax); !wrong.empty()) return wrong;
  edit.trigger.mutable_replies()->set_stream_bytes(static_cast<uint32_t>(count_of(value)));
  return "";
}

static std::string read_stream_ms(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "stream_ms", limits::stream_ms_max); !wrong.empty())
    return wrong;
  edit.trigger.mutable_replies()->set_stream_ms(static_cast<uint32_t>(count_of(value)));
  return "";
}

static Json or_default(uint64_t value, uint64_t otherwise) {
  return Json(value ? value : otherwise);
}

std::span<const TriggerSetting> reply_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"on_hang_up", read_on_hang_up,
       [](const Trigger& t, const Config&) {
         const std::string& policy = t.replies().on_hang_up();
         return Json(policy.empty() ? "continue" : policy);
       }},
      {"grace_ms", read_grace,
       [](const Trigger& t, const Config&) {
         return or_default(t.replies().grace_ms(), limits::hang_up_grace_ms);
       }},
      {"result_retention_ms", read_retention,
       [](const Trigger& t, const Config& c) {
         return or_default(t.replies().result_retention_ms(), c.result_retention_ms);
       }},
      {"stream_bytes", read_stream_bytes,
       [](const Trigger& t, const Config&) {
         return or_default(t.replies().stream_bytes(), limits::stream_bytes);
       }},
      {"stream_ms", read_stream_ms,
       [](const Trigger& t, const Config&) {
         return or_default(t.replies().stream_ms(), limits::stream_ms);
       }},
  };
  return kSettings;
}

}  // namespace penstock::gateway
