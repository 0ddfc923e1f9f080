#include "gateway/app/mapping_api.h"

#include <nlohmann/json.hpp>

#include "gateway/app/audit.h"
#include "gateway/app/screening.h"
#include "gateway/app/trigger_settings.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

void MappingApi::refuse(ExchangeId exchange, Code code, const std::string& detail) {
  context_.server.respond(exchange, problem(code, detail));
}

void MappingApi::on_request(const OperatorRequest& request) {
  const TriggerPtr trigger = triggers_.find(request);
  if (!trigger) return;
  const bool read = request.is(Method::kGet) || request.is(Method::kHead);
  if (request.words[2] == "samples") {
    if (read) return list_samples(request, trigger);
    return respond_wrong_method(context_.server, request.exchange, "GET");
  }
  if (read || request.is(Method::kPut) || request.is(Method::kPatch))
    return change(request, trigger);
  respond_wrong_method(context_.server, request.exchange, "GET, PUT, PATCH");
}

void MappingApi::list_samples(const OperatorRequest& request, const TriggerPtr& trigger) {
  samples_.read(
      *trigger, [this, exchange = request.exchange, trigger](Result<Samples::List> samples) {
        if (!samples.ok())
          return refuse(exchange, Code::kInternal, "cannot read: " + samples.status().message());
        respond_json(context_.server, exchange, 200, samples_report(*trigger, *samples));
      });
}

void MappingApi::show(const OperatorRequest& request) {
  const TriggerPtr trigger = triggers_.find(request);
  if (!trigger) return;
  samples_.read(
      *trigger, [this, exchange = request.exchange, trigger](Result<Samples::List> samples) {
        if (!samples.ok())
          return refuse(exchange, Code::kInternal, "cannot read: " + samples.status().message());
        Json answer = triggers_.json_of(*trigger);
        Json report = samples_report(*trigger, *samples);
        answer["samples"] = samples->size();
        answer["fields"] = std::move(report["fields"]);
        answer["fields_cut"] = report["fields_cut"];
        respond_json(context_.server, exchange, 200, answer);
      });
}

/// The members of a mapping that may be set.
static std::string wrong_member(const Json& object) {
  static const std::vector<std::string> known = {"variables", "filter", "schema", "samples_max"};
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      return "a mapping has no " + key + did_you_mean(key, known);
  return "";
}

/// GET: as it is; PATCH: what is named changes; PUT: what is not named goes. ?dry_run=1 keeps
/// nothing.
void MappingApi::change(const OperatorRequest& request, const TriggerPtr& trigger) {
  auto trial = std::make_shared<Trial>();
  trial->exchange = request.exchange;
  trial->who = who_of(request);
  trial->before = trigger;
  trial->draft = *trigger;
  const bool put = request.is(Method::kPut);
  if (put || request.is(Method::kPatch)) {
    const auto wanted = object_of(context_.server, request);
    if (!wanted) return;
    std::string wrong = wrong_member(*wanted);
    if (put) trial->draft.clear_mapping();
    TriggerEdit edit{trial->draft,    context_.config, context_.catalog, context_.clock.wall_ms(),
                     context_.vault, context_.credentials};
    if (wrong.empty()) wrong = read_settings(*wanted, edit);
    if (!wrong.empty()) return refuse(request.exchange, Code::kUnprocessable, wrong);
    trial->keep = request.query("dry_run").value_or("0") == "0";
  }
  samples_.read(*trigger, [this, trial](Result<Samples::List> samples) {
    if (!samples.ok())
      return refuse(trial->exchange, Code::kInternal,
                    "cannot read the samples: " + samples.status().message());
    trial->samples = *std::move(samples);
    judge(trial);
  });
}

void MappingApi::judge(const TrialPtr& trial) {
  trial->found.resize(trial->samples.size());
  trial->awaited = trial->samples.size() + 1;
  const auto landed = [this, trial](size_t place, Result<worker::Screened> found) {
    if (!found.ok())
      trial->fault = found.status().message();
    else if (place < trial->found.size())
      trial->found[place] = std::move(*found);
    else if (!found->fault().empty())
      trial->found.push_back(std::move(*found));
    if (--trial->awaited == 0) judged(trial);
  };
  // Without a body: do they compile?
  context_.workers.screen(screen_of(trial->draft, {}, {}),
                          [landed, place = trial->samples.size()](Result<worker::Screened> found) {
                            landed(place, std::move(found));
                          });
  for (size_t i = 0; i < trial->samples.size(); i++) {
    const Sample& sample = trial->samples[i];
    worker::Screen wanted = screen_of(trial->draft, sample.meta, sample.body);
    wanted.set_report(true);
    context_.workers.screen(std::move(wanted), [landed, i](Result<worker::Screened> found) {
      landed(i, std::move(found));
    });
  }
}

void MappingApi::judged(const TrialPtr& trial) {
  if (!trial->fault.empty())
    return context_.server.respond(
        trial->exchange,
        problem(Code::kNoExecutor, "The mapping could not be checked: " + trial->fault, {}, {}, 1));
  if (trial->found.size() > trial->samples.size())
    return triggers_.refuse_expressions(trial->exchange, trial->found.back());
  Json report = mapping_report(trial->draft, trial->samples, trial->found);
  if (!trial->keep) {
    report["saved"] = false;
    return respond_json(context_.server, trial->exchange, 200, report);
  }
  triggers_.save({trial->exchange, trial->who, "trigger.mapping"}, std::move(trial->draft), trial->before.get(),
                 [this, exchange = trial->exchange, report](const TriggerPtr& kept) mutable {
                   report["version"] = kept->version();
                   report["saved"] = true;
                   respond_json(context_.server, exchange, 200, report);
                 });
}

}  // namespace penstock::gateway
