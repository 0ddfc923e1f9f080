// What a run's calls of models used, by model. Pure bookkeeping of one Machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "executor/flow/node.h"

namespace penstock::flow {

struct ModelUsage {
  std::string model;
  uint64_t prompt_tokens = 0, completion_tokens = 0, calls = 0;
};

class UsageLog {
 public:
  /// Counts the result of a call, if it was one of a model.
  void add(const CallBody& call, const json::Value& result);
  const std::vector<ModelUsage>& models() const { return models_; }

 private:
  std::vector<ModelUsage> models_;
};

}  // namespace penstock::flow
