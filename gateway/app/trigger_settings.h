// What can be set on a trigger, as one table: each setting's name, how it is read from JSON and how
// it is shown. POST, PATCH and GET of /v1/triggers go by it, and each area adds its own rows in a
// file of its own (trigger_settings_*.cc). Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/catalog.h"
#include "gateway/app/credentials.h"
#include "gateway/app/vault.h"
#include "gateway/config/config.h"

namespace penstock::gateway {

/// What reading a setting may look at and change.
struct TriggerEdit {
  records::TriggerDefinition& trigger;
  const Config& config;
  const Catalog& catalog;
  uint64_t now_ms = 0;
  const Vault& vault;
  const Credentials& credentials;
};

struct TriggerSetting {
  using Read = std::string (*)(const nlohmann::ordered_json& value, TriggerEdit& edit);
  using Show = nlohmann::ordered_json (*)(const records::TriggerDefinition& trigger,
                                          const Config& config);
  std::string_view name;
  Read read;  ///< "" or a sentence about what is wrong with the value; null resets to the default
  Show show;  ///< never a secret
};

std::span<const TriggerSetting> core_settings();     ///< workflow, reply, durability, …
std::span<const TriggerSetting> door_settings();     ///< who may send
std::span<const TriggerSetting> intake_settings();   ///< what a delivery may look like
std::span<const TriggerSetting> flow_settings();     ///< dedup, limits, lanes
std::span<const TriggerSetting> mapping_settings();  ///< filter, schema, variables
std::span<const TriggerSetting> reply_settings();    ///< hang-up, callbacks, streams

/// Every area's.
std::vector<TriggerSetting> all_settings();

/// Reads the settings of `object` into the trigger: "" or what is wrong, with a did-you-mean. The
/// name is the caller's business.
std::string read_settings(const nlohmann::ordered_json& object, TriggerEdit& edit);
/// Adds all settings to `out`, each under its name.
void show_settings(const records::TriggerDefinition& trigger, const Config& config,
                   nlohmann::ordered_json& out);

// --- for the tables ---

/// "NAME must be …" when the value has another type.
std::string need_text(const nlohmann::ordered_json& value, std::string_view name);
std::string need_flag(const nlohmann::ordered_json& value, std::string_view name);
/// A whole number from 0 to `max`; null counts as 0.
std::string need_count(const nlohmann::ordered_json& value, std::string_view name, uint64_t max);
uint64_t count_of(const nlohmann::ordered_json& value);

}  // namespace penstock::gateway
