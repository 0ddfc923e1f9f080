#include "gateway/app/workflows_api.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/bus.h"
#include "gateway/app/json_text.h"
#include "proto/sha256.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static Json summary_of(const records::WorkflowDefinition& workflow) {
  return {{"name", workflow.name()},
          {"version", workflow.version()},
          {"title", workflow.title()},
          {"summary", workflow.summary()},
          {"created_at", iso_time(workflow.created_at_ms())}};
}

/// When it starts by itself; null: never.
static Json schedule_of(const Context& context, const records::WorkflowDefinition& workflow) {
  const records::Schedule& schedule = workflow.schedule();
  Json made = Json::object();
  if (!schedule.strategy().empty()) {
    Json types = Json::array();
    for (const records::EventFilter& filter : schedule.on()) types.push_back(filter.type());
    made["on"] = {{"strategy", schedule.strategy()}, {"types", types}};
  }
  if (schedule.every_ms()) made["every_ms"] = schedule.every_ms();
  if (!schedule.cron().empty()) made["cron"] = schedule.cron();
  if (schedule.after_ms()) made["after_ms"] = schedule.after_ms();
  if (made.empty()) return nullptr;
  const uint64_t next_ms = context.bus->next_start_ms(workflow.name());
  made["next_at"] = next_ms ? Json(iso_time(next_ms)) : Json(nullptr);
  return made;
}

static Json findings_of(const worker::LintReport& report) {
  Json findings = Json::array();
  for (const auto& finding : report.findings())
    findings.push_back({{"severity", finding.severity()},
                        {"line", finding.line()},
                        {"column", finding.column()},
                        {"pointer", finding.pointer()},
                        {"message", finding.message()},
                        {"hint", finding.hint()}});
  return findings;
}

void WorkflowsApi::on_request(const OperatorRequest& request) {
  const auto& words = request.words;
  if (words.size() == 1) {
    if (request.is(Method::kPost)) return apply(request);
    if (request.is(Method::kGet) || request.is(Method::kHead)) return list(request.exchange);
    return respond_wrong_method(context_.server, request.exchange, "GET, POST");
  }
  uint32_t version = 0;
  if (words.size() == 4 && words[2] == "versions") {
    const std::string& text = words[3];
    if (std::from_chars(text.data(), text.data() + text.size(), version).ec != std::errc() ||
        version == 0)
      return context_.server.respond(request.exchange,
                                     problem(Code::kNotFound, "A version is a number from 1."));
  } else if (words.size() != 2) {
    return context_.server.respond(request.exchange, problem(Code::kNotFound, "No such address."));
  }
  if (request.is(Method::kGet) || request.is(Method::kHead))
    return show(request.exchange, words[1], version);
  if (request.is(Method::kDelete) && version == 0) return remove(request, words[1]);
  respond_wrong_method(context_.server, request.exchange, version ? "GET" : "GET, DELETE");
}

void WorkflowsApi::apply(const OperatorRequest& request) {
  if (request.body.empty())
    return context_.server.respond(
        request.exchange, problem(Code::kBadRequest, "Send the definition, YAML or JSON, as body."));
  const bool dry_run = request.query("dry_run").value_or("0") != "0";
  context_.workers.lint(
      std::string(request.body.view()),
      [this, exchange = request.exchange, source = std::string(request.body.view()),
       dry_run, who = who_of(request)](Result<worker::LintReport> report) {
        applied(exchange, source, dry_run, who, report);
      });
}

void WorkflowsApi::applied(ExchangeId exchange, const std::string& source, bool dry_run,
                           const std::string& who, const Result<worker::LintReport>& report) {
  if (!report.ok())
    return context_.server.respond(
        exchange, problem(Code::kNoExecutor, report.status().message(), {}, {}, 2));
  if (!report->sound()) {
    Json refused = Json::parse(problem(Code::kInvalidDefinition,
                                       "The workflow definition has errors.").body);
    refused["findings"] = findings_of(*report);
    Response answer;
    answer.status = problem_kind(Code::kInvalidDefinition).status;
    answer.content_type = "application/problem+json";
    answer.body = refused.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return context_.server.respond(exchange, std::move(answer));
  }
  if (!is_name(report->name()))
    return context_.server.respond(
        exchange, problem(Code::kInvalidDefinition, "document.name must be 1 to 63 of a-z, 0-9, -"));
  if (const std::string fault = schedule_fault(report->schedule()); !fault.empty())
    return context_.server.respond(exchange, problem(Code::kInvalidDefinition, fault));
  if (dry_run)
    return respond_json(context_.server, exchange, 200,
                        {{"name", report->name()}, {"created", false}, {"dry_run", true},
                         {"findings", findings_of(*report)}});
  records::WorkflowDefinition definition;
  definition.set_name(report->name());
  definition.set_source(source);
  definition.set_title(report->title());
  definition.set_summary(report->summary());
  *definition.mutable_schedule() = report->schedule();
  definition.set_created_at_ms(context_.clock.wall_ms());
  Writes writes;
  const WorkflowPtr workflow = context_.catalog.add_workflow(std::move(definition), writes);
  Json answer = {{"name", workflow->name()},
                 {"version", workflow->version()},
                 {"created", !writes.empty()},
                 {"findings", findings_of(*report)}};
  if (writes.empty()) return respond_json(context_.server, exchange, 200, answer);
  context_.queue.audit({who, "workflow.apply", workflow->name(),
                        "{\"version\":" + std::to_string(workflow->version()) +
                            ",\"source_sha256\":\"" + sha256_hex(source) + "\"}"});
  const auto cookie = context_.pending.defined([this, exchange, answer] {
    respond_json(context_.server, exchange, 201, answer,
                 "Location: /v1/workflows/" + answer["name"].get<std::string>() + "\r\n");
  });
  context_.queue.define(std::move(writes), cookie);
  context_.bus->changed(workflow->name());
}

void WorkflowsApi::list(ExchangeId exchange) {
  Json rows = Json::array();
  for (const WorkflowPtr& workflow : context_.catalog.workflows()) {
    rows.push_back(summary_of(*workflow));
    rows.back()["schedule"] = schedule_of(context_, *workflow);
  }
  respond_json(context_.server, exchange, 200, {{"workflows", rows}, {"next", nullptr}});
}

void WorkflowsApi::unknown(ExchangeId exchange, const std::string& name) {
  std::vector<std::string> names;
  for (const WorkflowPtr& workflow : context_.catalog.workflows())
    names.push_back(workflow->name());
  context_.server.respond(exchange, problem(Code::kNotFound, "No workflow is called " + name +
                                                                 did_you_mean(name, names)));
}

void WorkflowsApi::show(ExchangeId exchange, const std::string& name, uint32_t version) {
  const WorkflowPtr workflow = context_.catalog.workflow(name, version);
  if (!workflow) return unknown(exchange, version ? name + "@" + std::to_string(version) : name);
  Json document = summary_of(*workflow);
  document["schedule"] = schedule_of(context_, *workflow);
  document["versions"] = context_.catalog.workflow_versions(name);
  document["source"] = workflow->source();
  respond_json(context_.server, exchange, 200, document);
}

void WorkflowsApi::remove(const OperatorRequest& request, const std::string& name) {
  const ExchangeId exchange = request.exchange;
  if (!context_.catalog.workflow(name)) return unknown(exchange, name);
  if (const TriggerPtr user = context_.catalog.user_of(name))
    return context_.server.respond(
        exchange, problem(Code::kConflict, "The trigger " + user->name() +
                                               " starts this workflow; delete the trigger first."));
  Writes writes;
  audit(context_, request, "workflow.delete", name, "{}");
  context_.catalog.delete_workflow(name, writes);
  const auto cookie = context_.pending.defined([this, exchange] {
    respond_nothing(context_.server, exchange);
  });
  context_.queue.define(std::move(writes), cookie);
  context_.bus->changed(name);
}

}  // namespace penstock::gateway
