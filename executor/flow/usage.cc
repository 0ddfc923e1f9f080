#include "executor/flow/usage.h"

#include <algorithm>

namespace penstock::flow {

static constexpr size_t kModelsMax = 100;      // the rest is counted as one
static constexpr size_t kModelBytesMax = 200;  // the other side chooses the name

static uint64_t count_of(const json::Value& usage, std::string_view key) {
  return static_cast<uint64_t>(std::max<int64_t>(usage.get(key).as_integer().value_or(0), 0));
}

void UsageLog::add(const CallBody& call, const json::Value& result) {
  if (call.kind != "chat") return;
  std::string model(result.get("model").as_string().substr(0, kModelBytesMax));
  if (models_.size() >= kModelsMax) model = "others";
  auto found = std::find_if(models_.begin(), models_.end(),
                            [&model](const ModelUsage& one) { return one.model == model; });
  if (found == models_.end()) found = models_.insert(models_.end(), {std::move(model)});
  const json::Value usage = result.get("usage");
  found->prompt_tokens += count_of(usage, "prompt_tokens");
  found->completion_tokens += count_of(usage, "completion_tokens");
  found->calls++;
}

}  // namespace penstock::flow
