// /v1/triggers/{name}/history and …/rollback: what a trigger was, and back to it.
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/json_text.h"
#include "gateway/app/trigger_settings.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

void TriggersApi::history(const OperatorRequest& request,
                          const records::TriggerDefinition& trigger) {
  if (!request.is(Method::kGet) && !request.is(Method::kHead))
    return respond_wrong_method(context_.server, request.exchange, "GET");
  const auto versions = context_.catalog.trigger_versions(trigger.name());
  Json rows = Json::array();
  for (size_t i = versions.size(); i-- > 0;) {
    const records::TriggerDefinition& each = *versions[i];
    Json row =
        Json::parse(change_json(i > 0 ? versions[i - 1].get() : nullptr, each, context_.config));
    row["at"] = iso_time(each.updated_at_ms());
    row["current"] = i + 1 == versions.size();
    Json settings = Json::object();
    show_settings(each, context_.config, settings);
    row["settings"] = std::move(settings);
    rows.push_back(std::move(row));
  }
  respond_json(context_.server, request.exchange, 200,
               {{"name", trigger.name()}, {"versions", rows}, {"next", nullptr}});
}

/// Its settings as they were, with what the outside holds on to as it is now: address, keys,
/// secrets. A secret that was taken away since comes back, or the trigger would refuse everybody.
static records::TriggerDefinition rolled_back(const records::TriggerDefinition& old,
                                              const records::TriggerDefinition& now) {
  records::TriggerDefinition made = old;
  made.set_token(now.token());
  made.set_created_at_ms(now.created_at_ms());
  if (now.keys_size() > 0) *made.mutable_keys() = now.keys();
  if (now.door().secrets_size() > 0) *made.mutable_door()->mutable_secrets() = now.door().secrets();
  if (now.door().has_verify_token())
    *made.mutable_door()->mutable_verify_token() = now.door().verify_token();
  if (now.door().jwt().has_secret() && made.door().has_jwt())
    *made.mutable_door()->mutable_jwt()->mutable_secret() = now.door().jwt().secret();
  if (now.replies().has_callback_secret())
    *made.mutable_replies()->mutable_callback_secret() = now.replies().callback_secret();
  return made;
}

void TriggersApi::rollback(const OperatorRequest& request,
                           const records::TriggerDefinition& trigger) {
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  uint32_t to = trigger.version() - 1;
  if (const auto text = request.query("to"); text && !text->empty()) {
    const auto read = std::from_chars(text->data(), text->data() + text->size(), to);
    if (read.ec != std::errc() || read.ptr != text->data() + text->size())
      return refuse(request.exchange, Code::kBadRequest, "to is a version's number");
  }
  const TriggerPtr old = context_.catalog.trigger_version(trigger.name(), to);
  if (!old)
    return refuse(request.exchange, Code::kNotFound,
                  "There is no version " + std::to_string(to) + " to go back to.");
  if (!context_.catalog.workflow(old->workflow(), old->workflow_version()))
    return refuse(
        request.exchange, Code::kConflict,
        "The workflow " + old->workflow() + " of version " + std::to_string(to) + " is gone.");
  store(request, "trigger.rollback", 200, rolled_back(*old, trigger), "");
}

}  // namespace penstock::gateway
