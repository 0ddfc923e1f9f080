// The durable engine: RocksDB with a synced log, a watermark beside it that tells whether an
// acknowledged commit is missing, a lock on the folder, and a watch on the disk's room.
//
// Lifecycle and threads: as Store. Limitations: one process per folder; after a full disk it is
// healed by reopening, during which reads answer kUnavailable.
#pragma once

#include <memory>
#include <string>

#include "queue/store.h"

namespace rocksdb { class FileSystem; }

namespace penstock::queue {

struct RocksStoreOptions {
  std::string folder;
  bool accept_loss = false;  ///< open even if acknowledged commits are missing
  std::shared_ptr<rocksdb::FileSystem> file_system;  ///< null: the machine's; tests inject faults
};

/// Faults: kUnavailable (another process), kCorrupt (damage or loss, and what), kFull, kIo.
Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options);

}  // namespace penstock::queue
