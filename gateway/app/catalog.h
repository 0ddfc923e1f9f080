// Workflows and triggers as the gateway serves them: in memory, filled from the store at start.
//
// Lifecycle: load() once, then changes. Loop thread. A change is in force here at once and comes
// back as the definitions to store; the answer to whoever asked waits for their commit. That order
// is safe because commits keep it: an event under a new trigger is durable only after the trigger.
// Limitations: every version's source stays in memory (limits::workflow_bytes_max each).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/problem.h"
#include "proto/records.pb.h"
#include "proto/status.h"
#include "queue/service.h"

namespace penstock::gateway {

using WorkflowPtr = std::shared_ptr<const records::WorkflowDefinition>;
using TriggerPtr = std::shared_ptr<const records::TriggerDefinition>;
using Writes = std::vector<queue::StoredDefinition>;

/// Is this a name: 1 to limits::name_bytes_max of a-z, 0-9, '-', not at the ends.
bool is_name(std::string_view name);

class Catalog {
 public:
  /// Fills from what is stored; unknown keys are left alone.
  Status load(const std::vector<queue::StoredDefinition>& stored);

  // --- workflows ---
  /// The newest version for 0; null: none, or deleted.
  WorkflowPtr workflow(const std::string& name, uint32_t version = 0) const;
  /// As above, deleted ones too: runs that began under them go on.
  WorkflowPtr any_workflow(const std::string& name, uint32_t version) const;
  std::vector<WorkflowPtr> workflows() const;
  std::vector<uint32_t> workflow_versions(const std::string& name) const;
  /// A new version, or the newest one when its source is the same (then `writes` stays empty).
  WorkflowPtr add_workflow(records::WorkflowDefinition definition, Writes& writes);
  /// A text to be tried out: a version of "draft:NAME", known to any_workflow() only. Of each name
  /// the newest limits::drafts_max are kept.
  WorkflowPtr add_draft(records::WorkflowDefinition definition, Writes& writes);
  /// Hides all versions. The caller has checked that no trigger uses it.
  void delete_workflow(const std::string& name, Writes& writes);
  /// A trigger that starts this workflow, or null.
  TriggerPtr user_of(const std::string& workflow) const;

  // --- triggers ---
  TriggerPtr trigger(const std::string& name) const;
  TriggerPtr trigger_by_token(std::string_view token) const;
  std::vector<TriggerPtr> triggers() const;
  /// A new version; the ones before it stay to go back to, the newest trigger_versions_max of them.
  TriggerPtr put_trigger(records::TriggerDefinition definition, Writes& writes);
  /// Oldest first, the one in force included; empty: no such trigger.
  std::vector<TriggerPtr> trigger_versions(const std::string& name) const;
  /// Null: there is none, or it is too old.
  TriggerPtr trigger_version(const std::string& name, uint32_t version) const;
  /// One of its versions, stored anew under the same number: only its secrets are sealed otherwise.
  void restore_trigger(records::TriggerDefinition definition, Writes& writes);
  void delete_trigger(const std::string& name, Writes& writes);

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Versions = std::map<uint32_t, WorkflowPtr>;

  void keep(records::TriggerDefinition definition);
  void keep_past(TriggerPtr definition);

  std::map<std::string, Versions> workflows_;
  std::map<std::string, TriggerPtr> triggers_;
  std::map<std::string, std::map<uint32_t, TriggerPtr>> past_;  // without the ones in force
  std::unordered_map<std::string, TriggerPtr, TextHash, std::equal_to<>> by_token_;
};

}  // namespace penstock::gateway
