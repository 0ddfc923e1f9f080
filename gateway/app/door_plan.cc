#include "gateway/app/door_plan.h"

#include <nlohmann/json.hpp>

#include "gateway/app/secrets.h"
#include "gateway/verify/free_form.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

namespace {

void take(const Json& document, const char* name, std::string& out) {
  if (document.contains(name)) out = document[name].get<std::string>();
}

/// What the settings wrote; they have checked every member.
verify::FreeForm free_form_of(const std::string& text) {
  verify::FreeForm form;
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return form;
  take(document, "signature_header", form.header);
  take(document, "signature_algorithm", form.algorithm);
  take(document, "signature_encoding", form.encoding);
  take(document, "signature_prefix", form.prefix);
  take(document, "signed", form.text);
  take(document, "secret_encoding", form.secret_encoding);
  take(document, "timestamp_header", form.timestamp_header);
  take(document, "timestamp_unit", form.timestamp_unit);
  take(document, "id_header", form.id_header);
  return form;
}

Status open_signatures(const records::TriggerDefinition& trigger, const Vault& vault,
                       DoorPlan& plan) {
  const records::DoorRules& rules = trigger.door();
  if (rules.verify().empty()) {
    if (rules.secrets_size() == 0) return Status();
    return Status::invalid("secret needs verify: the name of a signature preset, such as github");
  }
  auto preset = preset_of(rules);
  if (!preset.ok()) return preset.status();
  for (const records::SealedSecret& sealed : rules.secrets()) {
    auto secret = vault.unseal(trigger_purpose(trigger.name(), "verify"), sealed);
    if (!secret.ok()) return secret.status();
    plan.secrets.push_back(*std::move(secret));
  }
  if (plan.secrets.empty())
    return Status::invalid("verify needs secret: what the sender signs with, or its public key");
  auto verifier = verify::Verifier::create(*preset, plan.secrets);
  if (!verifier.ok()) return Status::invalid("secret: " + verifier.status().message());
  plan.verifier = *std::move(verifier);
  for (const verify::Scheme& scheme : preset->schemes)
    plan.signs_url |= scheme.text.find("{url}") != std::string::npos ||
                      scheme.text.find("{full_url}") != std::string::npos ||
                      scheme.shape == verify::Shape::kTwilio ||
                      scheme.shape == verify::Shape::kPlivo;
  return Status();
}

Status open_tokens(const records::TriggerDefinition& trigger, const Vault& vault, DoorPlan& plan) {
  const records::JwtSettings& jwt = trigger.door().jwt();
  if (jwt.has_secret()) {
    auto secret = vault.unseal(trigger_purpose(trigger.name(), "jwt"), jwt.secret());
    if (!secret.ok()) return secret.status();
    auto keys = verify::JwkSet::from_secret(*secret);
    if (!keys.ok()) return Status::invalid("jwt_secret: " + keys.status().message());
    plan.token_keys.push_back(*std::move(keys));
  }
  if (!jwt.pem().empty()) {
    auto keys = verify::JwkSet::from_pem(jwt.pem());
    if (!keys.ok()) return Status::invalid("jwt_public_key: " + keys.status().message());
    plan.token_keys.push_back(*std::move(keys));
  }
  plan.jwks_url = jwt.jwks_url();
  plan.token_rules.issuer = jwt.issuer();
  plan.token_rules.audience = jwt.audience();
  const bool ruled = !jwt.issuer().empty() || !jwt.audience().empty();
  if (ruled && !plan.wants_token())
    return Status::invalid(
        "jwt_issuer and jwt_audience need jwt_secret, jwt_public_key or "
        "jwks_url");
  return Status();
}

}  // namespace

Result<verify::Preset> preset_of(const records::DoorRules& rules) {
  const verify::Preset* known = verify::find_preset(rules.verify());
  if (!known)
    return Status::invalid("verify: no preset is called \"" + rules.verify() + "\"" +
                           verify::preset_suggestion(rules.verify()) +
                           "; `penstock verify --presets` lists them");
  if (known->name != "hmac") {
    if (rules.free_form().empty()) return *known;
    return Status::invalid("signature_header and its like are for verify hmac only");
  }
  auto described = verify::free_form_preset(free_form_of(rules.free_form()));
  if (!described.ok()) return Status::invalid("verify hmac: " + described.status().message());
  return described;
}

Result<DoorPlan> make_door_plan(const records::TriggerDefinition& trigger, const Vault& vault) {
  DoorPlan plan;
  const records::DoorRules& rules = trigger.door();
  PENSTOCK_TRY(open_signatures(trigger, vault, plan));
  PENSTOCK_TRY(open_tokens(trigger, vault, plan));
  if (rules.has_verify_token()) {
    auto token =
        vault.unseal(trigger_purpose(trigger.name(), "verify-token"), rules.verify_token());
    if (!token.ok()) return token.status();
    plan.verify_token = *std::move(token);
  }
  const std::vector<std::string> ranges(rules.allow_addresses().begin(),
                                        rules.allow_addresses().end());
  auto addresses = verify::AddressRules::parse(ranges);
  if (!addresses.ok()) return Status::invalid("allow_addresses: " + addresses.status().message());
  plan.addresses = *std::move(addresses);
  return plan;
}

}  // namespace penstock::gateway
