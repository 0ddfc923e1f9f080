#include "queue/rocks_health.h"

#include "queue/rocks_options.h"

namespace penstock::queue {

Status RocksHealth::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void RocksHealth::reset() {
  stopped_families_ = 0;
  out_of_space_ = false;
}

void RocksHealth::OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) {
  if (error->IsNoSpace()) {
    out_of_space_ = true;
    return;
  }
  const std::lock_guard lock(mutex_);
  if (fault_.ok()) fault_ = rocks_status(*error, "the store failed in the background");
}

void RocksHealth::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                                       bool* auto_recovery) {
  *auto_recovery = false;
}

void RocksHealth::OnStallConditionsChanged(const rocksdb::WriteStallInfo& info) {
  const bool was = info.condition.prev == rocksdb::WriteStallCondition::kStopped;
  const bool is = info.condition.cur == rocksdb::WriteStallCondition::kStopped;
  stopped_families_ += int{is} - int{was};
}

}  // namespace penstock::queue
