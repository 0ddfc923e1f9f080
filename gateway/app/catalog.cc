#include "gateway/app/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "proto/limits.h"

namespace penstock::gateway {

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > limits::name_bytes_max) return false;
  for (const char c : name)
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
  return name.front() != '-' && name.back() != '-';
}

static std::string workflow_key(const std::string& name, uint32_t version) {
  return fmt::format("workflow/{}/{:010}", name, version);
}

static std::string trigger_key(const std::string& name) { return "trigger/" + name; }

Status Catalog::load(const std::vector<queue::StoredDefinition>& stored) {
  for (const auto& [key, value] : stored) {
    if (key.starts_with("workflow/")) {
      auto definition = std::make_shared<records::WorkflowDefinition>();
      if (!definition->ParseFromString(value)) return Status::corrupt("stored definition " + key);
      workflows_[definition->name()][definition->version()] = definition;
    } else if (key.starts_with("trigger/")) {
      records::TriggerDefinition definition;
      if (!definition.ParseFromString(value)) return Status::corrupt("stored definition " + key);
      if (key == trigger_key(definition.name())) keep(std::move(definition));
      else keep_past(std::make_shared<const records::TriggerDefinition>(std::move(definition)));
    }
  }
  return Status();
}

WorkflowPtr Catalog::any_workflow(const std::string& name, uint32_t version) const {
  const auto found = workflows_.find(name);
  if (found == workflows_.end() || found->second.empty()) return nullptr;
  if (version == 0) return found->second.rbegin()->second;
  const auto exact = found->second.find(version);
  return exact == found->second.end() ? nullptr : exact->second;
}

WorkflowPtr Catalog::workflow(const std::string& name, uint32_t version) const {
  WorkflowPtr found = any_workflow(name, version);
  return found && !found->deleted() ? found : nullptr;
}

std::vector<WorkflowPtr> Catalog::workflows() const {
  std::vector<WorkflowPtr> newest;
  for (const auto& [name, versions] : workflows_)
    if (!versions.rbegin()->second->deleted()) newest.push_back(versions.rbegin()->second);
  return newest;
}

std::vector<uint32_t> Catalog::workflow_versions(const std::string& name) const {
  std::vector<uint32_t> numbers;
  const auto found = workflows_.find(name);
  if (found == workflows_.end()) return numbers;
  for (const auto& [version, definition] : found->second)
    if (!definition->deleted()) numbers.push_back(version);
  return numbers;
}

WorkflowPtr Catalog::add_workflow(records::WorkflowDefinition definition, Writes& writes) {
  const WorkflowPtr newest = any_workflow(definition.name(), 0);
  if (newest && !newest->deleted() && newest->source() == definition.source()) return newest;
  // Versions count on behind deleted ones: an old run must never meet a new text under its number.
  definition.set_version(newest ? newest->version() + 1 : 1);
  auto added = std::make_shared<const records::WorkflowDefinition>(std::move(definition));
  workflows_[added->name()][added->version()] = added;
  writes.push_back({workflow_key(added->name(), added->version()), added->SerializeAsString()});
  return added;
}

WorkflowPtr Catalog::add_draft(records::WorkflowDefinition definition, Writes& writes) {
  definition.set_name("draft:" + definition.name());
  definition.set_deleted(true);
  Versions& versions = workflows_[definition.name()];
  if (!versions.empty() && versions.rbegin()->second->source() == definition.source())
    return versions.rbegin()->second;
  definition.set_version(versions.empty() ? 1 : versions.rbegin()->first + 1);
  auto added = std::make_shared<const records::WorkflowDefinition>(std::move(definition));
  versions[added->version()] = added;
  writes.push_back({workflow_key(added->name(), added->version()), added->SerializeAsString()});
  while (versions.size() > limits::drafts_max) {
    writes.push_back({workflow_key(added->name(), versions.begin()->first), ""});
    versions.erase(versions.begin());
  }
  return added;
}

void Catalog::delete_workflow(const std::string& name, Writes& writes) {
  const auto found = workflows_.find(name);
  if (found == workflows_.end()) return;
  for (auto& [version, definition] : found->second) {
    auto hidden = std::make_shared<records::WorkflowDefinition>(*definition);
    hidden->set_deleted(true);
    definition = hidden;
    writes.push_back({workflow_key(name, version), hidden->SerializeAsString()});
  }
}

TriggerPtr Catalog::user_of(const std::string& workflow) const {
  for (const auto& [name, trigger] : triggers_) {
    const auto& more = trigger->flow().fan_out();
    if (trigger->workflow() == workflow ||
        std::find(more.begin(), more.end(), workflow) != more.end())
      return trigger;
  }
  return nullptr;
}

TriggerPtr Catalog::trigger(const std::string& name) const {
  const auto found = triggers_.find(name);
  return found == triggers_.end() ? nullptr : found->second;
}

TriggerPtr Catalog::trigger_by_token(std::string_view token) const {
  const auto found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : found->second;
}

std::vector<TriggerPtr> Catalog::triggers() const {
  std::vector<TriggerPtr> all;
  for (const auto& [name, trigger] : triggers_) all.push_back(trigger);
  return all;
}

void Catalog::keep(records::TriggerDefinition definition) {
  auto kept = std::make_shared<const records::TriggerDefinition>(std::move(definition));
  const TriggerPtr before = trigger(kept->name());
  if (before) by_token_.erase(before->token());
  triggers_[kept->name()] = kept;
  by_token_[kept->token()] = kept;
}

static std::string past_key(const std::string& name, uint32_t version) {
  return fmt::format("trigger/{}/{:010}", name, version);
}

void Catalog::keep_past(TriggerPtr definition) {
  past_[definition->name()][definition->version()] = std::move(definition);
}

TriggerPtr Catalog::put_trigger(records::TriggerDefinition definition, Writes& writes) {
  const std::string name = definition.name();
  if (const TriggerPtr before = trigger(name)) {
    definition.set_version(before->version());  // versions count on, whatever this was made from
    writes.push_back({past_key(name, before->version()), before->SerializeAsString()});
    keep_past(before);
    auto& versions = past_[name];
    for (; versions.size() >= limits::trigger_versions_max; versions.erase(versions.begin()))
      writes.push_back({past_key(name, versions.begin()->first), ""});
  }
  definition.set_version(definition.version() + 1);
  writes.push_back({trigger_key(name), definition.SerializeAsString()});
  keep(std::move(definition));
  return trigger(name);
}

std::vector<TriggerPtr> Catalog::trigger_versions(const std::string& name) const {
  std::vector<TriggerPtr> all;
  const TriggerPtr newest = trigger(name);
  if (!newest) return all;
  if (const auto past = past_.find(name); past != past_.end())
    for (const auto& [version, definition] : past->second) all.push_back(definition);
  all.push_back(newest);
  return all;
}

TriggerPtr Catalog::trigger_version(const std::string& name, uint32_t version) const {
  for (TriggerPtr& each : trigger_versions(name))
    if (each->version() == version) return std::move(each);
  return nullptr;
}

void Catalog::restore_trigger(records::TriggerDefinition definition, Writes& writes) {
  const TriggerPtr newest = trigger(definition.name());
  const bool in_force = newest && newest->version() == definition.version();
  writes.push_back({in_force ? trigger_key(definition.name())
                             : past_key(definition.name(), definition.version()),
                    definition.SerializeAsString()});
  if (in_force) keep(std::move(definition));
  else keep_past(std::make_shared<records::TriggerDefinition>(std::move(definition)));
}

void Catalog::delete_trigger(const std::string& name, Writes& writes) {
  const auto found = triggers_.find(name);
  if (found == triggers_.end()) return;
  by_token_.erase(found->second->token());
  triggers_.erase(found);
  writes.push_back({trigger_key(name), ""});
  if (const auto past = past_.extract(name); !past.empty())
    for (const auto& [version, definition] : past.mapped())
      writes.push_back({past_key(name, version), ""});
}

}  // namespace penstock::gateway
