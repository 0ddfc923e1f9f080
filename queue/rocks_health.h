// What RocksDB's background threads report: errors and write stalls. Written by them, read by any
// thread. Shared with the database, which holds on to its listeners.
#pragma once

#include <rocksdb/listener.h>

#include <atomic>
#include <mutex>
#include <string>

#include "proto/status.h"

namespace penstock::queue {

class RocksHealth final : public rocksdb::EventListener {
 public:
  bool stalled() const { return stopped_families_ > 0; }
  bool out_of_space() const { return out_of_space_; }
  /// A background error that space cannot cure; Status() while there is none.
  Status fault() const;
  /// The database was reopened.
  void reset();

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;
  void OnStallConditionsChanged(const rocksdb::WriteStallInfo& info) override;

 private:
  std::atomic<int> stopped_families_{0};
  std::atomic<bool> out_of_space_{false};
  mutable std::mutex mutex_;
  Status fault_;
};

}  // namespace penstock::queue
