// POST /v1/triggers/{name}/test: runs a workflow on a sample or on a body of the operator's, by the
// trigger's mapping as it is, whether it is active or not. A real run of kind "test": it counts, it
// can be followed, and it does what the workflow does.
//
// {"sample": id | "body": JSON, "workflow": "W" | "W@V" | "source": a definition's text}; without a
// workflow the trigger's, without a body its newest sample. Loop thread.
#pragma once

#include <string>

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"
#include "gateway/app/samples.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

class TrialsApi {
 public:
  TrialsApi(Context& context, TriggersApi& triggers)
      : context_(context), triggers_(triggers), samples_(context) {}
  void on_request(const OperatorRequest& request);

 private:
  struct Trial {
    ExchangeId exchange;
    TriggerPtr trigger;
    WorkflowPtr workflow;
    Writes writes;  ///< of a draft
    records::EventMeta meta;
    std::string body;
  };
  using TrialPtr = std::shared_ptr<Trial>;

  void choose_source(const TrialPtr& trial, const std::string& source, const std::string& sample);
  void choose_event(const TrialPtr& trial, const std::string& sample);
  void take_sample(const TrialPtr& trial, Result<Samples::List> samples);
  void screen(const TrialPtr& trial);
  void run(const TrialPtr& trial, const Result<worker::Screened>& found);
  void refuse(const Trial& trial, Code code, const std::string& detail);

  Context& context_;
  TriggersApi& triggers_;
  Samples samples_;
};

}  // namespace penstock::gateway
