// What a trigger's rules of who may send come to, made ready once a version: secrets opened, keys
// and address ranges read. Immutable. Loop thread (OpenSSL contexts within are used by one at a
// time).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/app/vault.h"
#include "gateway/verify/address_rules.h"
#include "gateway/verify/jwt.h"
#include "gateway/verify/verifier.h"
#include "proto/records.pb.h"

namespace penstock::gateway {

struct DoorPlan {
  // Signatures; no verifier: none are wanted.
  std::optional<verify::Verifier> verifier;
  std::vector<std::string> secrets;  ///< newest first
  std::string verify_token;          ///< of Meta's handshake
  bool signs_url = false;
  // Tokens.
  std::vector<verify::JwkSet> token_keys;
  std::string jwks_url;  ///< further keys are there; "": no
  verify::JwtRules token_rules;
  // Addresses; empty: all.
  verify::AddressRules addresses;

  bool wants_token() const { return !token_keys.empty() || !jwks_url.empty(); }
};

/// Fault: kInvalid with a sentence for whoever set the rules; kCorrupt when a secret does not open.
Result<DoorPlan> make_door_plan(const records::TriggerDefinition& trigger, const Vault& vault);

/// The preset as these rules have it; kInvalid when there is none of that name.
Result<verify::Preset> preset_of(const records::DoorRules& rules);

}  // namespace penstock::gateway
