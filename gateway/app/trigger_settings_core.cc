// Which workflow a trigger starts, and what its senders are promised.
#include <nlohmann/json.hpp>

#include "gateway/app/operator_request.h"
#include "gateway/app/trigger_settings.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;

static std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}
static bool flag_of(const Json& value) { return value.is_boolean() && value.get<bool>(); }

static std::string read_workflow(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "workflow"); !wrong.empty()) return wrong;
  edit.trigger.set_workflow(text_of(value));
  return "";
}

static std::string read_workflow_version(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "workflow_version", UINT32_MAX); !wrong.empty()) return wrong;
  edit.trigger.set_workflow_version(static_cast<uint32_t>(count_of(value)));
  return "";
}

static std::string read_active(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "active"); !wrong.empty()) return wrong;
  edit.trigger.set_active(flag_of(value));
  return "";
}

static std::string read_reply(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "reply"); !wrong.empty()) return wrong;
  edit.trigger.set_reply(flag_of(value));
  return "";
}

static std::string read_reply_wait(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "reply_wait_ms", limits::reply_wait_ms_max); !wrong.empty())
    return wrong;
  edit.trigger.set_reply_wait_ms(static_cast<uint32_t>(count_of(value)));
  return "";
}

static std::string read_require_key(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "require_key"); !wrong.empty()) return wrong;
  edit.trigger.set_require_key(flag_of(value));
  return "";
}

static std::string read_durability(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "durability"); !wrong.empty()) return wrong;
  const std::string durability = text_of(value);
  if (durability == "replicated") return "durability replicated needs a NATS queue";
  if (!durability.empty() && durability != "disk" && durability != "memory")
    return "durability is disk or memory" + did_you_mean(durability, {"disk", "memory"});
  edit.trigger.set_durability(durability);
  return "";
}

static std::string read_event_type(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "event_type"); !wrong.empty()) return wrong;
  edit.trigger.set_event_type(text_of(value));
  return "";
}

static std::string read_body_bytes_max(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "body_bytes_max", limits::body_bytes_ceiling); !wrong.empty())
    return wrong;
  edit.trigger.set_body_bytes_max(count_of(value));
  return "";
}

static std::string read_attempts_max(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_count(value, "attempts_max", 100); !wrong.empty()) return wrong;
  edit.trigger.set_attempts_max(static_cast<uint32_t>(count_of(value)));
  return "";
}

static Json show_version(const Trigger& trigger, const Config&) {
  return trigger.workflow_version() ? Json(trigger.workflow_version()) : Json(nullptr);
}

std::span<const TriggerSetting> core_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"active", read_active, [](const Trigger& t, const Config&) { return Json(t.active()); }},
      {"workflow", read_workflow,
       [](const Trigger& t, const Config&) { return Json(t.workflow()); }},
      {"workflow_version", read_workflow_version, show_version},
      {"reply", read_reply, [](const Trigger& t, const Config&) { return Json(t.reply()); }},
      {"reply_wait_ms", read_reply_wait,
       [](const Trigger& t, const Config& c) {
         return Json(t.reply_wait_ms() ? t.reply_wait_ms() : c.reply_wait_ms);
       }},
      {"require_key", read_require_key,
       [](const Trigger& t, const Config&) { return Json(t.require_key()); }},
      {"durability", read_durability,
       [](const Trigger& t, const Config&) {
         return Json(t.durability().empty() ? "disk" : t.durability());
       }},
      {"event_type", read_event_type,
       [](const Trigger& t, const Config&) { return Json(t.event_type()); }},
      {"body_bytes_max", read_body_bytes_max,
       [](const Trigger& t, const Config& c) {
         return Json(t.body_bytes_max() ? t.body_bytes_max() : c.body_bytes_max);
       }},
      {"attempts_max", read_attempts_max,
       [](const Trigger& t, const Config& c) {
         return Json(t.attempts_max() ? t.attempts_max() : c.attempts_max);
       }},
  };
  return kSettings;
}

}  // namespace penstock::gateway
