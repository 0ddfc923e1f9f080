// POST /v1/triggers/{name}/rotate-secret and …/revoke-key: a new secret beside the one before it,
// and a key's end.
#include <nlohmann/json.hpp>

#include "gateway/app/door_plan.h"
#include "gateway/app/guard.h"
#include "gateway/app/secrets.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

static constexpr int kLiveSecrets = 2;

void TriggersApi::rotate_secret(const OperatorRequest& request,
                                const records::TriggerDefinition& trigger) {
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  const auto document = object_of(context_.server, request);
  if (!document) return;
  if (trigger.door().verify().empty())
    return refuse(request.exchange, Code::kConflict,
                  "This trigger verifies no signatures; set verify and secret first.");
  if (!document->contains("secret") || !(*document)["secret"].is_string())
    return refuse(request.exchange, Code::kUnprocessable,
                  "secret is missing: the new one, as its sender shows it");
  records::TriggerDefinition changed = trigger;
  auto& secrets = *changed.mutable_door()->mutable_secrets();
  *secrets.Add() =
      context_.vault.seal(trigger_purpose(trigger.name(), "verify"),
                          (*document)["secret"].get<std::string>(), context_.clock.wall_ms());
  for (int i = secrets.size() - 1; i > 0; i--) secrets.SwapElements(i, i - 1);  // newest first
  while (secrets.size() > kLiveSecrets) secrets.RemoveLast();
  if (const auto plan = make_door_plan(changed, context_.vault); !plan.ok())
    return refuse(request.exchange, Code::kUnprocessable, plan.status().message());
  store(request, "trigger.rotate-secret", 200, std::move(changed), "");
}

void TriggersApi::revoke_key(const OperatorRequest& request,
                             const records::TriggerDefinition& trigger) {
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  const auto document = object_of(context_.server, request);
  if (!document) return;
  const auto given = document->find("prefix");
  if (given != document->end() && !given->is_string())
    return refuse(request.exchange, Code::kUnprocessable, "prefix must be a string");
  records::TriggerDefinition changed = trigger;
  auto& keys = *changed.mutable_keys();
  // Without a word about which: the older of two. The only one goes by name, never by default.
  int at = keys.size() > 1 ? 0 : -1;
  if (given != document->end()) {
    at = -1;
    for (int i = 0; i < keys.size(); i++)
      if (keys[i].prefix() == given->get<std::string>()) at = i;
  }
  if (at < 0)
    return refuse(request.exchange, Code::kNotFound,
                  given == document->end() ? "There is no older key; name the one to revoke by "
                                             "its prefix."
                                           : "No key of this trigger begins with that.");
  context_.guard.forget_key(keys[at].hash());
  keys.DeleteSubrange(at, 1);
  store(request, "trigger.revoke-key", 200, std::move(changed), "");
}

}  // namespace penstock::gateway
