#include "queue/result_cache.h"

namespace penstock::queue {

/// About what it takes in memory: exact for the body, a guess for the rest.
static size_t weight(const records::ResultRecord& result) {
  return 512 + result.outcome().body().size() +
         static_cast<size_t>(result.outcome().tasks_size()) * 160;
}

void ResultCache::add(Id id, ResultPtr result) {
  const size_t bytes = weight(*result);
  if (!results_.insert(id, std::move(result))) return;
  order_.push_back(id);
  bytes_ += bytes;
  while (bytes_ > bytes_max_ && !order_.empty()) {
    bytes_ -= weight(**results_.find(order_.front()));
    results_.erase(order_.front());
    order_.pop_front();
  }
}

ResultPtr ResultCache::find(Id id) const {
  const ResultPtr* found = results_.find(id);
  return found ? *found : nullptr;
}

}  // namespace penstock::queue
