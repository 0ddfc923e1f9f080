// /v1/triggers/{name}/samples and /v1/triggers/{name}/mapping: what came, which fields it has, and
// what each variable would be for it. A mapping is judged by the samples before it is kept.
//
// Loop thread; reading is done on the queue's reader thread, jq by executors.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "gateway/app/context.h"
#include "gateway/app/mapping_report.h"
#include "gateway/app/operator_request.h"
#include "gateway/app/samples.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

class MappingApi {
 public:
  MappingApi(Context& context, TriggersApi& triggers)
      : context_(context), triggers_(triggers), samples_(context) {}

  /// The third word of triggers/{name}/{word}.
  static bool is_ours(std::string_view word) { return word == "samples" || word == "mapping"; }
  void on_request(const OperatorRequest& request);
  /// GET triggers/{name}?fields=1: the trigger with the fields of what came.
  void show(const OperatorRequest& request);

 private:
  /// A mapping that is being judged: one answer per sample is awaited.
  struct Trial {
    ExchangeId exchange;
    std::string who;
    TriggerPtr before;
    records::TriggerDefinition draft;
    bool keep = false;
    Samples::List samples;
    std::vector<worker::Screened> found;
    size_t awaited = 0;
    std::string fault;
  };
  using TrialPtr = std::shared_ptr<Trial>;

  void list_samples(const OperatorRequest& request, const TriggerPtr& trigger);
  void change(const OperatorRequest& request, const TriggerPtr& trigger);
  void judge(const TrialPtr& trial);
  void judged(const TrialPtr& trial);
  void refuse(ExchangeId exchange, Code code, const std::string& detail);

  Context& context_;
  TriggersApi& triggers_;
  Samples samples_;
};

}  // namespace penstock::gateway
