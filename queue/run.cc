#include "queue/run.h"

#include "queue/flow_gate.h"

namespace penstock::queue {

Run::Run() = default;
Run::~Run() = default;
Run& Run::operator=(Run&&) noexcept = default;

RunLabels labels_of(const records::EventMeta& meta) {
  RunLabels labels{meta.trigger(), meta.tag(), meta.attempts_max(), meta.not_before_ms(),
                   meta.result_retention_ms()};
  const bool fans_out = !meta.fan_out_of().empty();
  if (!meta.lane().empty() || !meta.concurrency_key().empty() || meta.priority() || fans_out)
    labels.flow = std::make_shared<const FlowLabels>(
        FlowLabels{meta.lane(), meta.concurrency_key(),
                   fans_out ? meta.workflow() : std::string(), meta.priority()});
  return labels;
}

}  // namespace penstock::queue
