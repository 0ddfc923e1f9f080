#include "gateway/app/secrets.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

static constexpr std::string_view kPrefix = "secret/";

static std::string key_of(const std::string& name) {
  return std::string(kPrefix) + name;
}

bool is_secret_name(std::string_view name) {
  const auto inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= limits::name_bytes_max &&
         std::all_of(name.begin(), name.end(), inner) && name.front() != '-' && name.front() != '.';
}

std::string trigger_purpose(const std::string& trigger, std::string_view what) {
  return "trigger/" + trigger + "/" + std::string(what);
}

std::vector<TriggerSecret> trigger_secrets(records::TriggerDefinition& trigger) {
  std::vector<TriggerSecret> all;
  const std::string& name = trigger.name();
  for (records::SealedSecret& secret : *trigger.mutable_door()->mutable_secrets())
    all.push_back({trigger_purpose(name, "verify"), &secret});
  if (trigger.door().has_verify_token())
    all.push_back(
        {trigger_purpose(name, "verify-token"), trigger.mutable_door()->mutable_verify_token()});
  if (trigger.door().jwt().has_secret())
    all.push_back(
        {trigger_purpose(name, "jwt"), trigger.mutable_door()->mutable_jwt()->mutable_secret()});
  if (trigger.replies().has_callback_secret())
    all.push_back(
        {trigger_purpose(name, "callback"), trigger.mutable_replies()->mutable_callback_secret()});
  return all;
}

Status Secrets::load(const std::vector<queue::StoredDefinition>& stored) {
  for (const auto& [key, value] : stored) {
    if (!key.starts_with(kPrefix)) continue;
    records::SealedSecret& secret = secrets_[key.substr(kPrefix.size())];
    if (!secret.ParseFromString(value)) return Status::corrupt("stored definition " + key);
    if (auto opened = vault_.unseal(key, secret); !opened.ok()) return opened.status();
  }
  return Status();
}

const records::SealedSecret* Secrets::find(const std::string& name) const {
  const auto found = secrets_.find(name);
  return found == secrets_.end() ? nullptr : &found->second;
}

uint64_t Secrets::bytes() const {
  uint64_t total = 0;
  for (const auto& [name, secret] : secrets_) total += name.size() + secret.sealed().size();
  return total;
}

std::string Secrets::put(const std::string& name, std::string_view value, uint64_t now_ms,
                         Writes& writes) {
  if (!is_secret_name(name)) return "a secret's name is 1 to 63 of a-z, A-Z, 0-9, _, - and .";
  if (value.empty()) return "the secret is empty";
  if (value.size() > limits::secret_bytes_max)
    return "a secret is at most " + std::to_string(limits::secret_bytes_max) + " bytes long";
  const records::SealedSecret* before = find(name);
  if (!before && secrets_.size() >= limits::secrets_max)
    return "there are at most " + std::to_string(limits::secrets_max) + " secrets";
  if (bytes() + value.size() > limits::secrets_bytes_max)
    return "all secrets together are at most " + std::to_string(limits::secrets_bytes_max) +
           " bytes";
  records::SealedSecret sealed = vault_.seal(key_of(name), value, now_ms);
  if (before) sealed.set_created_at_ms(before->created_at_ms());
  writes.push_back({key_of(name), sealed.SerializeAsString()});
  secrets_[name] = std::move(sealed);
  return "";
}

void Secrets::remove(const std::string& name, Writes& writes) {
  if (secrets_.erase(name)) writes.push_back({key_of(name), ""});
}

Status Secrets::rekey(Catalog& catalog, Writes& writes) {
  PENSTOCK_TRY(vault_.add_key());
  for (auto& [name, secret] : secrets_) {
    PENSTOCK_TRY(vault_.reseal(key_of(name), secret));
    writes.push_back({key_of(name), secret.SerializeAsString()});
  }
  // Versions that a trigger may go back to have secrets of their own.
  for (const TriggerPtr& trigger : catalog.triggers()) {
    for (const TriggerPtr& version : catalog.trigger_versions(trigger->name())) {
      records::TriggerDefinition changed = *version;
      const auto sealed = trigger_secrets(changed);
      for (const TriggerSecret& one : sealed) PENSTOCK_TRY(vault_.reseal(one.purpose, *one.sealed));
      if (!sealed.empty()) catalog.restore_trigger(std::move(changed), writes);
    }
  }
  return Status();
}

Result<worker::SecretSet> Secrets::opened() const {
  worker::SecretSet set;
  for (const auto& [name, secret] : secrets_) {
    auto value = vault_.unseal(key_of(name), secret);
    if (!value.ok()) return value.status();
    worker::SecretValue& one = *set.add_values();
    one.set_name(name);
    one.set_value(*std::move(value));
  }
  return set;
}

}  // namespace penstock::gateway
