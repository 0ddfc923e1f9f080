#include "queue/rocks_db.h"

#include "queue/rocks_options.h"

namespace penstock::queue {

Result<std::unique_ptr<RocksDb>> RocksDb::open(const RocksOpen& how) {
  rocksdb::DBOptions options = rocks_options(how.folder, how.env);
  options.create_if_missing = how.create;
  options.avoid_flush_during_recovery = how.keep_log;
  options.listeners.push_back(how.health);
  std::unique_ptr<RocksDb> opened(new RocksDb);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(options, how.folder, rocks_families(), &opened->families_, &db);
  if (!status.ok()) return rocks_status(status, "cannot open the store in " + how.folder);
  opened->db_.reset(db);
  how.env->LowerThreadPoolCPUPriority(rocksdb::Env::LOW);
  return opened;
}

RocksDb::~RocksDb() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* family : families_)
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

class RocksCursor final : public Cursor {
 public:
  explicit RocksCursor(std::unique_ptr<rocksdb::Iterator> at) : at_(std::move(at)) {}
  void seek(std::string_view key) override { at_->Seek(slice(key)); }
  void seek_back(std::string_view key) override { at_->SeekForPrev(slice(key)); }
  void last() override { at_->SeekToLast(); }
  void next() override { at_->Next(); }
  void prev() override { at_->Prev(); }
  bool valid() const override { return at_->Valid(); }
  std::string_view key() const override { return at_->key().ToStringView(); }
  std::string_view value() const override { return at_->value().ToStringView(); }
  Status status() const override { return rocks_status(at_->status(), "cannot read the store"); }

 private:
  std::unique_ptr<rocksdb::Iterator> at_;
};

class RocksView final : public View {
 public:
  explicit RocksView(RocksDb& db) : db_(db), snapshot_(db.db().GetSnapshot()) {}
  ~RocksView() override { db_.db().ReleaseSnapshot(snapshot_); }

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    std::string value;
    const rocksdb::Status status = db_.db().Get(how(), db_.family(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return rocks_status(status, "cannot read the store");
    return std::optional(std::move(value));
  }
  std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<RocksCursor>(
        std::unique_ptr<rocksdb::Iterator>(db_.db().NewIterator(how(), db_.family(family))));
  }

 private:
  rocksdb::ReadOptions how() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.verify_checksums = true;
    return options;
  }

  RocksDb& db_;
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace

std::unique_ptr<View> rocks_view(RocksDb& db) { return std::make_unique<RocksView>(db); }

}  // namespace penstock::queue
