// Who may send: signatures, logins, addresses. Secrets go in and never come out.
#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/secrets.h"
#include "gateway/app/trigger_settings.h"
#include "gateway/verify/preset.h"
#include "proto/limits.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;
using Trigger = records::TriggerDefinition;

static records::DoorRules& door(TriggerEdit& edit) {
  return *edit.trigger.mutable_door();
}

static std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

static records::SealedSecret sealed(const TriggerEdit& edit, std::string_view what,
                                    const std::string& value) {
  return edit.vault.seal(trigger_purpose(edit.trigger.name(), what), value, edit.now_ms);
}

/// One string, or an array of them; otherwise what is wrong.
static std::string need_texts(const Json& value, std::string_view name, size_t max) {
  const std::string wrong = std::string(name) + " must be a string, or an array of them";
  if (value.is_null() || value.is_string()) return "";
  if (!value.is_array()) return wrong;
  for (const Json& item : value)
    if (!item.is_string()) return wrong;
  return value.size() <= max ? "" : std::string(name) + " are at most " + std::to_string(max);
}

static std::vector<std::string> texts_of(const Json& value) {
  std::vector<std::string> texts;
  if (value.is_string()) texts.push_back(value.get<std::string>());
  if (value.is_array())
    for (const Json& item : value) texts.push_back(item.get<std::string>());
  return texts;
}

// --- signatures ---

static std::string read_verify(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "verify"); !wrong.empty()) return wrong;
  const std::string name = text_of(value);
  if (name.empty() || name == "none") {
    door(edit).clear_verify();
    door(edit).clear_secrets();
    door(edit).clear_free_form();
    return "";
  }
  const verify::Preset* preset = verify::find_preset(name);
  door(edit).set_verify(preset ? preset->name : name);  // an unknown one is refused with the rest
  return "";
}

/// All that are live, the newest first; setting them replaces those before.
static std::string read_secret(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_texts(value, "secret", limits::verify_secrets_max); !wrong.empty())
    return wrong;
  door(edit).clear_secrets();
  for (const std::string& secret : texts_of(value))
    *door(edit).add_secrets() = sealed(edit, "verify", secret);
  return "";
}

static std::string read_tolerance(const Json& value, TriggerEdit& edit) {
  static constexpr uint64_t kMax = 7ull * 24 * 3600;
  if (auto wrong = need_count(value, "tolerance_s", kMax); !wrong.empty()) return wrong;
  door(edit).set_tolerance_s(static_cast<uint32_t>(count_of(value)));
  return "";
}

static std::string read_replay_window(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_flag(value, "replay_window"); !wrong.empty()) return wrong;
  door(edit).set_replay_window(value.is_boolean() && value.get<bool>());
  return "";
}

static std::string read_verify_token(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "verify_token"); !wrong.empty()) return wrong;
  door(edit).clear_verify_token();
  if (const std::string token = text_of(value); !token.empty())
    *door(edit).mutable_verify_token() = sealed(edit, "verify-token", token);
  return "";
}

static Json show_secrets(const Trigger& trigger, const Config&) {
  Json rows = Json::array();
  for (const records::SealedSecret& secret : trigger.door().secrets())
    rows.push_back({{"created_at", iso_time(secret.created_at_ms())}});
  return rows;
}

/// The parts of `verify hmac`, kept together as one JSON text.
static constexpr const char* kForm[] = {
    "signature_header", "signature_algorithm", "signature_encoding", "signature_prefix", "signed",
    "secret_encoding",  "timestamp_header",    "timestamp_unit",     "id_header"};

template <size_t I>
static std::string read_form(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, kForm[I]); !wrong.empty()) return wrong;
  Json form = Json::parse(edit.trigger.door().free_form(), nullptr, false);
  if (!form.is_object()) form = Json::object();
  if (value.is_string())
    form[kForm[I]] = value;
  else
    form.erase(kForm[I]);
  door(edit).set_free_form(form.empty() ? "" : form.dump());
  return "";
}

template <size_t I>
static Json show_form(const Trigger& trigger, const Config&) {
  const Json form = Json::parse(trigger.door().free_form(), nullptr, false);
  return form.is_object() && form.contains(kForm[I]) ? form[kForm[I]] : Json(nullptr);
}

template <size_t I>
static constexpr TriggerSetting form_part() {
  return {kForm[I], read_form<I>, show_form<I>};
}

// --- logins ---

/// {"user": "password"}: all of them; null takes them away.
static std::string read_basic(const Json& value, TriggerEdit& edit) {
  static constexpr size_t kPasswordBytesMax = 1024;
  const std::string wrong = "basic_users must be an object of names and passwords";
  if (!value.is_null() && !value.is_object()) return wrong;
  if (value.size() > limits::basic_users_max)
    return "basic_users are at most " + std::to_string(limits::basic_users_max);
  google::protobuf::RepeatedPtrField<records::BasicUser> users;
  for (const auto& [name, password] : value.items()) {
    if (!password.is_string()) return wrong;
    const std::string text = password.get<std::string>();
    if (name.empty() || name.find(':') != name.npos || name.size() > limits::name_bytes_max)
      return "a user's name has 1 to 63 bytes and no colon";
    if (text.empty() || text.size() > kPasswordBytesMax)
      return "the password of " + name + " must have 1 to 1024 bytes";
    *users.Add() = edit.credentials.stored_user(name, text);
  }
  *door(edit).mutable_basic() = std::move(users);
  return "";
}

static Json show_basic(const Trigger& trigger, const Config&) {
  Json names = Json::array();
  for (const records::BasicUser& user : trigger.door().basic()) names.push_back(user.name());
  return names;
}

static std::string read_jwt_secret(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "jwt_secret"); !wrong.empty()) return wrong;
  door(edit).mutable_jwt()->clear_secret();
  if (const std::string secret = text_of(value); !secret.empty())
    *door(edit).mutable_jwt()->mutable_secret() = sealed(edit, "jwt", secret);
  return "";
}

static std::string read_jwt_key(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "jwt_public_key"); !wrong.empty()) return wrong;
  door(edit).mutable_jwt()->set_pem(text_of(value));
  return "";
}

static std::string read_jwks_url(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "jwks_url"); !wrong.empty()) return wrong;
  const std::string url = text_of(value);
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (!url.empty() && (!web || url.size() > limits::target_bytes_max))
    return "jwks_url must begin with https://";
  door(edit).mutable_jwt()->set_jwks_url(url);
  return "";
}

static std::string read_jwt_issuer(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "jwt_issuer"); !wrong.empty()) return wrong;
  door(edit).mutable_jwt()->set_issuer(text_of(value));
  return "";
}

static std::string read_jwt_audience(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_text(value, "jwt_audience"); !wrong.empty()) return wrong;
  door(edit).mutable_jwt()->set_audience(text_of(value));
  return "";
}

static std::string read_addresses(const Json& value, TriggerEdit& edit) {
  if (auto wrong = need_texts(value, "allow_addresses", limits::address_rules_max); !wrong.empty())
    return wrong;
  door(edit).clear_allow_addresses();
  for (const std::string& range : texts_of(value)) door(edit).add_allow_addresses(range);
  return "";
}

static Json show_addresses(const Trigger& trigger, const Config&) {
  Json ranges = Json::array();
  for (const std::string& range : trigger.door().allow_addresses()) ranges.push_back(range);
  return ranges;
}

static Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::span<const TriggerSetting> door_settings() {
  static constexpr TriggerSetting kSettings[] = {
      {"verify", read_verify,
       [](const Trigger& t, const Config&) { return text_or_null(t.door().verify()); }},
      {"secret", read_secret, nullptr},
      {"secrets", nullptr, show_secrets},
      {"tolerance_s", read_tolerance,
       [](const Trigger& t, const Config&) {
         return t.door().tolerance_s() ? Json(t.door().tolerance_s()) : Json(nullptr);
       }},
      {"replay_window", read_replay_window,
       [](const Trigger& t, const Config&) { return Json(t.door().replay_window()); }},
      {"verify_token", read_verify_token,
       [](const Trigger& t, const Config&) {
         return t.door().has_verify_token() ? Json("set") : Json(nullptr);
       }},
      form_part<0>(),
      form_part<1>(),
      form_part<2>(),
      form_part<3>(),
      form_part<4>(),
      form_part<5>(),
      form_part<6>(),
      form_part<7>(),
      form_part<8>(),
      {"basic_users", read_basic, show_basic},
      {"jwt_secret", read_jwt_secret,
       [](const Trigger& t, const Config&) {
         return t.door().jwt().has_secret() ? Json("set") : Json(nullptr);
       }},
      {"jwt_public_key", read_jwt_key,
       [](const Trigger& t, const Config&) { return text_or_null(t.door().jwt().pem()); }},
      {"jwks_url", read_jwks_url,
       [](const Trigger& t, const Config&) { return text_or_null(t.door().jwt().jwks_url()); }},
      {"jwt_issuer", read_jwt_issuer,
       [](const Trigger& t, const Config&) { return text_or_null(t.door().jwt().issuer()); }},
      {"jwt_audience", read_jwt_audience,
       [](const Trigger& t, const Config&) { return text_or_null(t.door().jwt().audience()); }},
      {"allow_addresses", read_addresses, show_addresses},
  };
  return kSettings;
}

}  // namespace penstock::gateway
