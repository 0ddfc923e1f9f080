// The named secrets that workflows use: sealed in the store, opened only to be sent to executors
// and for triggers' own purposes.
//
// Lifecycle: load() once, then changes; as in the catalog a change is in force at once and comes
// back as the definitions to store. Loop thread.
// Limitations: limits::secrets_max of them, limits::secrets_bytes_max together.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/catalog.h"
#include "gateway/app/vault.h"
#include "proto/worker.pb.h"

namespace penstock::gateway {

/// Is this a secret's name: as an identifier in workflows, with '-' and '.' within.
bool is_secret_name(std::string_view name);

/// Where a trigger keeps sealed values, and what each is bound to.
struct TriggerSecret {
  std::string purpose;
  records::SealedSecret* sealed;
};
std::vector<TriggerSecret> trigger_secrets(records::TriggerDefinition& trigger);
/// "trigger/NAME/verify", "trigger/NAME/verify-token", "trigger/NAME/jwt", "trigger/NAME/callback".
std::string trigger_purpose(const std::string& trigger, std::string_view what);

class Secrets {
 public:
  explicit Secrets(Vault& vault) : vault_(vault) {}

  /// Fault: kCorrupt when one does not open: nothing is served with a wrong key file.
  Status load(const std::vector<queue::StoredDefinition>& stored);
  const std::map<std::string, records::SealedSecret>& all() const { return secrets_; }
  const records::SealedSecret* find(const std::string& name) const;

  /// Sets or changes one; "" or the sentence why not.
  std::string put(const std::string& name, std::string_view value, uint64_t now_ms, Writes& writes);
  void remove(const std::string& name, Writes& writes);
  /// Begins a rotation: all of these and of the catalog's triggers, sealed under a new key.
  Status rekey(Catalog& catalog, Writes& writes);
  /// The rotation is durable.
  Status rekeyed() { return vault_.forget_old_keys(); }
  uint32_t key_version() const { return vault_.key_version(); }
  /// All of them, opened, as executors get them.
  Result<worker::SecretSet> opened() const;

 private:
  uint64_t bytes() const;

  Vault& vault_;
  std::map<std::string, records::SealedSecret> secrets_;
};

}  // namespace penstock::gateway
