// How RocksDB is set up, and why; and its statuses in our words.
#pragma once

#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <memory>
#include <string>
#include <vector>

#include "proto/status.h"
#include "queue/store.h"

namespace rocksdb { class ColumnFamilyHandle; struct ColumnFamilyDescriptor; }

namespace penstock::queue {

rocksdb::DBOptions rocks_options(const std::string& folder, rocksdb::Env* env);
/// In the order of Family; what is in kMeta lives in the default column family.
std::vector<rocksdb::ColumnFamilyDescriptor> rocks_families();

/// kFull for a full disk, kCorrupt for damage, kIo for the rest.
Status rocks_status(const rocksdb::Status& status, const std::string& what);

}  // namespace penstock::queue
