// An open RocksDB with its column families, closed in the right order. One owner.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <memory>
#include <string>

#include "queue/rocks_health.h"
#include "queue/store.h"

namespace penstock::queue {

struct RocksOpen {
  std::string folder;
  bool create = false;
  bool keep_log = false;   ///< do not flush what is recovered: there may be no room
  rocksdb::Env* env = nullptr;
  std::shared_ptr<RocksHealth> health;
};

class RocksDb {
 public:
  static Result<std::unique_ptr<RocksDb>> open(const RocksOpen& how);
  ~RocksDb();
  RocksDb(const RocksDb&) = delete;
  RocksDb& operator=(const RocksDb&) = delete;

  rocksdb::DB& db() { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<size_t>(family)];
  }

 private:
  RocksDb() = default;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

/// A view of `db`, which must outlive it.
std::unique_ptr<View> rocks_view(RocksDb& db);

}  // namespace penstock::queue
