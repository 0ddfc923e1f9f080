// Keeping a changed trigger: its expressions are compiled by an executor first, so that a wrong one
// is refused where it is written and not met by an event.
#include <nlohmann/json.hpp>

#include "gateway/app/screening.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static std::string rules_of(const records::TriggerDefinition& trigger) {
  return screen_of(trigger, {}, {}).trigger();
}

void TriggersApi::refuse_expressions(ExchangeId exchange, const worker::Screened& found) {
  Json errors = Json::array();
  for (const auto& report : found.reports()) {
    const bool is_rule = report.name().starts_with('$');
    errors.push_back({{is_rule ? "rule" : "variable", report.name().substr(is_rule ? 1 : 0)},
                      {"message", report.error()}});
  }
  Response answer = problem(Code::kUnprocessable, found.fault());
  Json body = Json::parse(answer.body);
  body["errors"] = std::move(errors);
  answer.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  context_.server.respond(exchange, std::move(answer));
}

void TriggersApi::save(const TriggerChange& change, records::TriggerDefinition trigger,
                       const records::TriggerDefinition* before, Saved then) {
  const bool same_rules =
      rules_of(trigger) == rules_of(before ? *before : records::TriggerDefinition());
  const records::FlowRules& flow = trigger.flow();
  const bool any = needs_screening(trigger) || !flow.dedup_key().empty() || !flow.lane().empty() ||
                   !flow.concurrency_key().empty() || !flow.single_flight().empty();
  if (!any || (before && same_rules)) return keep(change, std::move(trigger), std::move(then));
  const uint32_t version = trigger.version();
  auto draft = std::make_shared<records::TriggerDefinition>(std::move(trigger));
  const auto checked = [this, change, draft, version,
                        then = std::move(then)](const Result<worker::Screened>& found) {
    if (!found.ok())
      return refuse(change.exchange, Code::kNoExecutor,
                    "The expressions could not be checked: " + found.status().message());
    if (!found->fault().empty()) return refuse_expressions(change.exchange, *found);
    const TriggerPtr now = context_.catalog.trigger(draft->name());
    if ((now ? now->version() : 0) != version)
      return refuse(change.exchange, Code::kConflict,
                    "The trigger " + draft->name() + " was changed meanwhile; look at it again.");
    keep(change, std::move(*draft), then);
  };
  context_.workers.screen(screen_of(*draft, {}, {}), checked);
}

}  // namespace penstock::gateway
