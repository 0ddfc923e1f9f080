#include "gateway/app/trials_api.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/screening.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

void TrialsApi::refuse(const Trial& trial, Code code, const std::string& detail) {
  context_.server.respond(trial.exchange, problem(code, detail));
}

static std::string text_of(const Json& object, const char* member) {
  return object.contains(member) && object[member].is_string() ? object[member].get<std::string>()
                                                               : std::string();
}

static std::string wrong_member(const Json& object) {
  static const std::vector<std::string> known = {"sample", "body", "workflow", "source"};
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      return "a test has no " + key + did_you_mean(key, known);
  return "";
}

/// W or W@VERSION; null: there is none.
static WorkflowPtr workflow_named(const Catalog& catalog, const std::string& text) {
  const size_t at = text.find('@');
  uint32_t version = 0;
  if (at != std::string::npos)
    std::from_chars(text.data() + at + 1, text.data() + text.size(), version);
  return catalog.workflow(text.substr(0, at), version);
}

void TrialsApi::on_request(const OperatorRequest& request) {
  const TriggerPtr trigger = triggers_.find(request);
  if (!trigger) return;
  if (!request.is(Method::kPost))
    return respond_wrong_method(context_.server, request.exchange, "POST");
  const auto wanted = object_of(context_.server, request);
  if (!wanted) return;
  auto trial = std::make_shared<Trial>();
  trial->exchange = request.exchange;
  trial->trigger = trigger;
  if (const std::string wrong = wrong_member(*wanted); !wrong.empty())
    return refuse(*trial, Code::kUnprocessable, wrong);
  if (wanted->contains("body")) trial->body = (*wanted)["body"].dump();
  const std::string source = text_of(*wanted, "source"), sample = text_of(*wanted, "sample");
  if (!source.empty()) return choose_source(trial, source, sample);
  const std::string name = text_of(*wanted, "workflow");
  trial->workflow =
      name.empty() ? context_.catalog.workflow(trigger->workflow(), trigger->workflow_version())
                   : workflow_named(context_.catalog, name);
  if (!trial->workflow)
    return refuse(*trial, Code::kUnprocessable,
                  name.empty() ? "The trigger has no workflow yet: name one to test."
                               : "No workflow is called " + name);
  choose_event(trial, sample);
}

void TrialsApi::choose_source(const TrialPtr& trial, const std::string& source,
                              const std::string& sample) {
  context_.workers.lint(source, [this, trial, source, sample](Result<worker::LintReport> report) {
    if (!report.ok()) return refuse(*trial, Code::kNoExecutor, report.status().message());
    if (!report->sound()) {
      std::string first = "The workflow definition has errors.";
      for (const auto& finding : report->findings())
        if (finding.severity() == "error") {
          first = "line " + std::to_string(finding.line()) + ": " + finding.message();
          break;
        }
      return refuse(*trial, Code::kInvalidDefinition, first);
    }
    records::WorkflowDefinition draft;
    draft.set_name(report->name());
    draft.set_source(source);
    draft.set_title(report->title());
    draft.set_created_at_ms(context_.clock.wall_ms());
    trial->workflow = context_.catalog.add_draft(std::move(draft), trial->writes);
    // Kept with the commit that the run is in, or an earlier one.
    if (!trial->writes.empty())
      context_.queue.define(std::move(trial->writes), context_.pending.defined([] {}));
    choose_event(trial, sample);
  });
}

void TrialsApi::choose_event(const TrialPtr& trial, const std::string& sample) {
  trial->meta.set_method("POST");
  trial->meta.set_content_type("application/json");
  if (!trial->body.empty()) return screen(trial);
  const auto taken = [this, trial](Result<Samples::List> samples) {
    take_sample(trial, std::move(samples));
  };
  if (sample.empty()) return samples_.read(*trial->trigger, taken);
  const auto id = Id::from_text(sample);
  if (!id) return refuse(*trial, Code::kUnknownRun, "No event has the id " + sample);
  samples_.read_one(*id, taken);
}

void TrialsApi::take_sample(const TrialPtr& trial, Result<Samples::List> samples) {
  if (!samples.ok())
    return refuse(*trial, Code::kInternal, "cannot read: " + samples.status().message());
  if (samples->empty())
    return refuse(*trial, Code::kUnknownRun,
                  "There is no such event; send one to the trigger's URL, or give a body.");
  Sample& newest = samples->front();
  if (newest.meta.trigger() != trial->trigger->name())
    return refuse(*trial, Code::kUnprocessable,
                  "That event came to the trigger " + newest.meta.trigger() + ".");
  trial->meta = std::move(newest.meta);
  trial->meta.set_replay_of(std::string(newest.id.raw()));
  trial->body = std::move(newest.body);
  screen(trial);
}

void TrialsApi::screen(const TrialPtr& trial) {
  trial->meta.set_trigger(trial->trigger->name());
  trial->meta.set_trigger_version(trial->trigger->version());
  trial->meta.set_needs_key(trial->trigger->require_key());
  if (!needs_screening(*trial->trigger)) return run(trial, worker::Screened());
  context_.workers.screen(
      screen_of(*trial->trigger, trial->meta, trial->body),
      [this, trial](const Result<worker::Screened>& found) { run(trial, found); });
}

void TrialsApi::run(const TrialPtr& trial, const Result<worker::Screened>& found) {
  if (!found.ok()) return refuse(*trial, Code::kNoExecutor, found.status().message());
  const Json base = {{"trigger", trial->trigger->name()}, {"kind", "test"}};
  if (found->filtered()) {
    Json answer = base;
    answer["status"] = "filtered";
    return respond_json(context_.server, trial->exchange, 200, answer);
  }
  if (found->schema_faults_size() > 0) {
    const auto& fault = found->schema_faults(0);
    return refuse(*trial, Code::kUnprocessable,
                  "The body does not fit the trigger's JSON Schema: " + fault.pointer() + " " +
                      fault.message());
  }
  records::EventMeta meta = as_fresh_run(std::move(trial->meta));
  map_event(*found, meta);
  meta.clear_dedup_key();  // a test is never the copy of an event
  meta.set_kind("test");
  meta.set_workflow(trial->workflow->name());
  meta.set_workflow_version(trial->workflow->version());
  const std::string variables = meta.variables();
  const auto cookie = context_.pending.accepted([this, trial, base, variables](Id id) {
    Json answer = {{"id", id.text()}, {"status", "queued"}};
    answer.update(base);
    answer["workflow"] = trial->workflow->name();
    answer["workflow_version"] = trial->workflow->version();
    answer["input"] = variables.empty() ? Json(nullptr) : Json::parse(variables, nullptr, false);
    respond_json(context_.server, trial->exchange, 202, answer,
                 "Location: /v1/runs/" + id.text() + "\r\n");
  });
  auto admitted =
      context_.queue.accept(queue::NewEvent{std::move(meta), Body(trial->body), false}, cookie);
  const auto* rejected = std::get_if<Rejected>(&admitted);
  if (!rejected) return;
  context_.pending.forget(cookie);
  context_.server.respond(
      trial->exchange, problem(rejected->code, rejected->detail, {}, {}, rejected->retry_after_s));
}

}  // namespace penstock::gateway
