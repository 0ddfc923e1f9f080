#include "queue/run.h"

namespace penstock::queue {

RunLabels labels_of(const records::EventMeta& meta) {
  return {meta.trigger(), meta.tag(), meta.attempts_max(), meta.not_before_ms(),
          meta.result_retention_ms()};
}

}  // namespace penstock::queue
