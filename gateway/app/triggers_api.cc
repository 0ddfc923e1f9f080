#include "gateway/app/triggers_api.h"

#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/door_plan.h"
#include "gateway/app/flow_keys.h"
#include "gateway/app/guard.h"
#include "gateway/app/jwks_cache.h"
#include "gateway/app/json_text.h"
#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static constexpr int kLiveKeys = 2;

Json TriggersApi::flow_json(const records::TriggerDefinition& trigger) const {
  Json rows = Json::array();
  for (const queue::FlowState& state : context_.queue.flow_states()) {
    if (state.trigger != trigger.name()) continue;
    rows.push_back({{"workflow", state.workflow.empty() ? trigger.workflow() : state.workflow},
                    {"running", state.running},
                    {"held", state.held},
                    {"lanes", state.lanes},
                    {"breaker", state.breaker},
                    {"failures_in_a_row", state.failures},
                    {"open_for_ms", state.open_for_ms}});
  }
  return rows;
}

Json TriggersApi::key_row(const records::ApiKey& key) const {
  const Guard::Use use = context_.guard.use_of(key.hash());
  return {{"prefix", key.prefix()},
          {"created_at", iso_time(key.created_at_ms())},
          {"uses", use.count},
          {"last_used_at", use.count ? Json(iso_time(use.last_at_ms)) : Json(nullptr)}};
}

Json TriggersApi::json_of(const records::TriggerDefinition& trigger) const {
  Json keys = Json::array();
  for (const auto& key : trigger.keys()) keys.push_back(key_row(key));
  Json out = {{"name", trigger.name()},
              {"url", context_.config.base_url() + "/hooks/" + trigger.token()},
              {"token", trigger.token()}};
  show_settings(trigger, context_.config, out);
  out["keys"] = std::move(keys);
  out["flow_state"] = flow_json(trigger);
  out["version"] = trigger.version();
  out["created_at"] = iso_time(trigger.created_at_ms());
  out["updated_at"] = iso_time(trigger.updated_at_ms());
  return out;
}

void TriggersApi::refuse(ExchangeId exchange, Code code, const std::string& detail) {
  context_.server.respond(exchange, problem(code, detail));
}

TriggerPtr TriggersApi::find(const OperatorRequest& request) {
  const std::string& name = request.words[1];
  if (TriggerPtr trigger = context_.catalog.trigger(name)) return trigger;
  std::vector<std::string> names;
  for (const TriggerPtr& each : context_.catalog.triggers()) names.push_back(each->name());
  refuse(request.exchange, Code::kUnknownTrigger,
         "No trigger is called " + name + did_you_mean(name, names));
  return nullptr;
}

void TriggersApi::on_request(const OperatorRequest& request) {
  const auto& words = request.words;
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  if (words.size() == 1) {
    if (request.is(Method::kPost)) return create(request);
    if (read) return list(request.exchange);
    return respond_wrong_method(context_.server, request.exchange, "GET, POST");
  }
  const TriggerPtr trigger = find(request);
  if (!trigger) return;
  if (words.size() == 3 && words[2] == "rejected") return rejected(request, words[1]);
  if (words.size() == 3 && words[2] == "history") return history(request, *trigger);
  if (words.size() == 3 && words[2] == "rollback") return rollback(request, *trigger);
  if (words.size() == 3 && words[2] == "rotate-secret") return rotate_secret(request, *trigger);
  if (words.size() == 3 && words[2] == "revoke-key") return revoke_key(request, *trigger);
  if (words.size() == 3) return act(request, *trigger);
  if (words.size() > 3) return refuse(request.exchange, Code::kNotFound, "No such address.");
  if (read) return respond_json(context_.server, request.exchange, 200, json_of(*trigger));
  if (request.is(Method::kPatch)) return change(request, *trigger);
  if (request.is(Method::kDelete)) return remove(request, words[1]);
  respond_wrong_method(context_.server, request.exchange, "GET, PATCH, DELETE");
}

bool TriggersApi::read_settings(ExchangeId exchange, const Json& settings,
                                records::TriggerDefinition& trigger) {
  TriggerEdit edit{trigger, context_.config, context_.catalog, context_.clock.wall_ms(),
                   context_.vault, context_.credentials};
  if (const std::string wrong = gateway::read_settings(settings, edit); !wrong.empty())
    return refuse(exchange, Code::kUnprocessable, wrong), false;
  if (const auto plan = make_door_plan(trigger, context_.vault); !plan.ok())
    return refuse(exchange, Code::kUnprocessable, plan.status().message()), false;
  if (const std::string& url = trigger.door().jwt().jwks_url(); !url.empty())
    context_.jwks.keys(url);  // fetched before the first delivery asks
  if (context_.catalog.workflow(trigger.workflow(), trigger.workflow_version())) return true;
  if (trigger.workflow().empty() && !trigger.active()) return true;  // it collects samples first
  if (trigger.workflow().empty())
    return refuse(exchange, Code::kUnprocessable,
                  "An active trigger needs a workflow: name one, or make it inactive."),
           false;
  std::vector<std::string> names;
  for (const WorkflowPtr& workflow : context_.catalog.workflows()) names.push_back(workflow->name());
  refuse(exchange, Code::kUnprocessable,
         "No workflow is called " + trigger.workflow() + did_you_mean(trigger.workflow(), names));
  return false;
}

std::string TriggersApi::add_key(records::TriggerDefinition& trigger) const {
  const std::string key = Credentials::make_secret("psk_");
  while (trigger.keys_size() >= kLiveKeys) trigger.mutable_keys()->DeleteSubrange(0, 1);
  *trigger.add_keys() = context_.credentials.stored_key(key, context_.clock.wall_ms());
  return key;
}

void TriggersApi::create(const OperatorRequest& request) {
  const auto settings = object_of(context_.server, request);
  if (!settings) return;
  const Json& name = settings->contains("name") ? (*settings)["name"] : Json();
  if (!name.is_string() || !is_name(name.get<std::string>()))
    return refuse(request.exchange, Code::kUnprocessable,
                  "name must be 1 to 63 of a-z, 0-9 and -, such as orders-paid");
  if (context_.catalog.trigger(name.get<std::string>()))
    return refuse(request.exchange, Code::kConflict,
                  "A trigger is already called " + name.get<std::string>() +
                      "; change it with PATCH, or delete it first.");
  records::TriggerDefinition trigger;
  trigger.set_name(name.get<std::string>());  // first: secrets are sealed for their trigger
  if (!read_settings(request.exchange, *settings, trigger)) return;
  trigger.set_token(Credentials::make_url_token());
  trigger.set_created_at_ms(context_.clock.wall_ms());
  const std::string key = trigger.require_key() ? add_key(trigger) : "";
  store(request, "trigger.create", 201, std::move(trigger), key);
}

void TriggersApi::store(const OperatorRequest& request, const std::string& action, uint16_t status,
                        records::TriggerDefinition trigger, const std::string& new_key) {
  const TriggerPtr before = context_.catalog.trigger(trigger.name());
  save({request.exchange, who_of(request), action}, std::move(trigger), before.get(),
       [this, exchange = request.exchange, status, new_key](const TriggerPtr& kept) {
         Json answer = json_of(*kept);
         if (!new_key.empty()) answer["api_key"] = new_key;
         respond_json(context_.server, exchange, status, answer, "Cache-Control: no-store\r\n");
       });
}

void TriggersApi::keep(const TriggerChange& change, records::TriggerDefinition trigger,
                       Saved then) {
  trigger.set_updated_at_ms(context_.clock.wall_ms());
  Writes writes;
  const TriggerPtr before = context_.catalog.trigger(trigger.name());
  const TriggerPtr kept = context_.catalog.put_trigger(std::move(trigger), writes);
  context_.queue.set_flow(kept->name(), flow_limits(*kept));
  context_.queue.audit({change.who, change.action, kept->name(),
                        change_json(before.get(), *kept, context_.config)});
  const auto cookie = context_.pending.defined([kept, then = std::move(then)] { then(kept); });
  context_.queue.define(std::move(writes), cookie);
}

void TriggersApi::list(ExchangeId exchange) {
  Json rows = Json::array();
  for (const TriggerPtr& trigger : context_.catalog.triggers()) rows.push_back(json_of(*trigger));
  respond_json(context_.server, exchange, 200, {{"triggers", rows}, {"next", nullptr}});
}

void TriggersApi::change(const OperatorRequest& request,
                         const records::TriggerDefinition& trigger) {
  const auto settings = object_of(context_.server, request);
  if (!settings) return;
  if (settings->contains("name") && (*settings)["name"] != trigger.name())
    return refuse(request.exchange, Code::kUnprocessable, "a trigger keeps its name");
  records::TriggerDefinition changed = trigger;
  if (!read_settings(request.exchange, *settings, changed)) return;
  std::string key;
  if (changed.require_key() && changed.keys_size() == 0) key = add_key(changed);
  store(request, "trigger.set", 200, std::move(changed), key);
}

void TriggersApi::act(const OperatorRequest& request, const records::TriggerDefinition& trigger) {
  const std::string& action = request.words[2];
  if (action != "activate" && action != "deactivate" && action != "rotate-key")
    return refuse(request.exchange, Code::kNotFound,
                  "No such address" +
                      did_you_mean(action, {"activate", "deactivate", "rotate-key", "rejected",
                                            "history", "rollback", "rotate-secret",
                                            "revoke-key"}));
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  records::TriggerDefinition changed = trigger;
  std::string key;
  if (action == "rotate-key") key = add_key(changed);
  else changed.set_active(action == "activate");
  if (changed.active() && changed.workflow().empty())
    return refuse(request.exchange, Code::kUnprocessable,
                  "It has no workflow to start yet: name one first, by PATCH or `penstock trigger "
                  "set " + changed.name() + " --workflow W`.");
  store(request, "trigger." + action, 200, std::move(changed), key);
}

void TriggersApi::remove(const OperatorRequest& request, const std::string& name) {
  Writes writes;
  audit(context_, request, "trigger.delete", name, "{}");
  context_.catalog.delete_trigger(name, writes);
  context_.queue.set_flow(name, {});
  context_.rejections.forget(name);
  context_.copies.forget(name);
  const auto cookie = context_.pending.defined([this, exchange = request.exchange] {
    respond_nothing(context_.server, exchange);
  });
  context_.queue.define(std::move(writes), cookie);
}

}  // namespace penstock::gateway
