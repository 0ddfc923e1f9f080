#include "queue/rocks_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <shared_mutex>

#include "queue/disk_space.h"
#include "queue/folder_lock.h"
#include "queue/rocks_db.h"
#include "queue/rocks_options.h"
#include "queue/run_reader.h"
#include "queue/watermark.h"

namespace penstock::queue {
namespace {

/// What is read while the store is being reopened.
class UnavailableView final : public View {
 public:
  Result<std::optional<std::string>> get(Family, std::string_view) const override {
    return reason();
  }
  std::unique_ptr<Cursor> cursor(Family) const override { return std::make_unique<Nowhere>(); }

 private:
  static Status reason() { return Status::unavailable("the store is being reopened"); }
  class Nowhere final : public Cursor {
   public:
    void seek(std::string_view) override {}
    void seek_back(std::string_view) override {}
    void last() override {}
    void next() override {}
    void prev() override {}
    bool valid() const override { return false; }
    std::string_view key() const override { return {}; }
    std::string_view value() const override { return {}; }
    Status status() const override { return reason(); }
  };
};

/// Keeps the database open while somebody reads.
class LockedView final : public View {
 public:
  LockedView(std::shared_lock<std::shared_mutex> lock, std::unique_ptr<View> view)
      : lock_(std::move(lock)), view_(std::move(view)) {}
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    return view_->get(family, key);
  }
  std::unique_ptr<Cursor> cursor(Family family) const override { return view_->cursor(family); }

 private:
  std::shared_lock<std::shared_mutex> lock_;
  std::unique_ptr<View> view_;  // after the lock: goes first
};

class RocksStore final : public Store {
 public:
  RocksStore(const RocksStoreOptions& options, FolderLock lock, Watermark watermark)
      : options_(options),
        lock_(std::move(lock)),
        watermark_(std::move(watermark)),
        space_(options.folder) {
    if (options.file_system) env_ = rocksdb::NewCompositeEnv(options.file_system);
    how_ = {options.folder + "/store", false, false,
            env_ ? env_.get() : rocksdb::Env::Default(), std::make_shared<RocksHealth>()};
  }

  Status open();
  Status write(const WriteSet& set, Sync sync) override;
  std::unique_ptr<View> view() const override;
  Result<uint64_t> heal() override;
  Status tick() override;
  bool writable() const override {
    return !low_ && !how_.health->stalled() && !how_.health->out_of_space();
  }
  uint64_t disk_bytes() const override { return disk_bytes_; }

 private:
  Result<uint64_t> sequence();
  Status check_sequence(uint64_t recovered);
  void forget_files(const WriteSet& set);

  const RocksStoreOptions options_;
  const FolderLock lock_;
  Watermark watermark_;
  DiskSpace space_;
  std::unique_ptr<rocksdb::Env> env_;
  RocksOpen how_;
  mutable std::shared_mutex reopening_;
  std::unique_ptr<RocksDb> db_;  // null between two attempts to heal
  std::atomic<bool> low_{false};
  std::atomic<uint64_t> disk_bytes_{0};
};

Status RocksStore::open() {
  // A store that lost its first file must not be mistaken for none, and overwritten.
  const bool fresh = watermark_.sequence() == 0 && !std::filesystem::exists(how_.folder);
  if (!fresh && watermark_.is_new() && !options_.accept_loss)
    return Status::corrupt(options_.folder +
                           "/watermark is missing: it cannot be told whether commits are");
  how_.create = watermark_.sequence() == 0;
  PENSTOCK_TRY(make_folder(how_.folder));
  auto db = RocksDb::open(how_);
  if (!db) return db.status();
  db_ = *std::move(db);
  how_.create = false;
  auto recovered = sequence();
  if (!recovered) return recovered.status();
  PENSTOCK_TRY(check_sequence(*recovered));
  return tick();
}

Result<uint64_t> RocksStore::sequence() {
  auto position = read_position(*view());
  if (!position) return position.status();
  return position->sequence();
}

Status RocksStore::check_sequence(uint64_t recovered) {
  const uint64_t promised = watermark_.sequence();
  if (recovered < promised && !options_.accept_loss)
    return Status::corrupt("commits " + std::to_string(recovered + 1) + " to " +
                           std::to_string(promised) + " were acknowledged but are not in " +
                           how_.folder + ": the log is damaged or was cut");
  return recovered == promised ? Status() : watermark_.reset(recovered);
}

Status RocksStore::write(const WriteSet& set, Sync sync) {
  if (!db_) return Status::full("the store is closed until there is room");
  PENSTOCK_TRY(how_.health->fault());
  size_t bytes = 64;
  for (const WriteOp& op : set.ops) bytes += op.key.size() + op.value.size() + 16;
  rocksdb::WriteBatch batch(bytes);  // grown by doubling it would be copied and faulted in anew
  bool forgets = false;
  for (const WriteOp& op : set.ops) {
    rocksdb::ColumnFamilyHandle* family = db_->family(op.family);
    rocksdb::Status status;
    switch (op.kind) {
      case WriteOp::Kind::kPut: status = batch.Put(family, op.key, op.value); break;
      case WriteOp::Kind::kErase: status = batch.Delete(family, op.key); break;
      case WriteOp::Kind::kEraseRange:
        status = batch.DeleteRange(family, op.key, op.value);
        forgets = true;
        break;
    }
    PENSTOCK_TRY(rocks_status(status, "cannot prepare a commit"));
  }
  rocksdb::WriteOptions how;
  how.sync = sync == Sync::kYes;
  PENSTOCK_TRY(rocks_status(db_->db().Write(how, &batch), "cannot write a commit"));
  if (forgets) forget_files(set);
  return watermark_.set(set.sequence);
}

// Whole files of what is forgotten go at once, without a compaction. The ranges are erased by keys
// too, so a file left over by a crash here only costs its space.
void RocksStore::forget_files(const WriteSet& set) {
  for (const WriteOp& op : set.ops) {
    if (op.kind != WriteOp::Kind::kEraseRange) continue;
    const rocksdb::Slice from(op.key), to(op.value);
    rocksdb::DeleteFilesInRange(&db_->db(), db_->family(op.family), &from, &to, false)
        .PermitUncheckedError();
  }
}

std::unique_ptr<View> RocksStore::view() const {
  std::shared_lock lock(reopening_);
  if (!db_) return std::make_unique<UnavailableView>();
  auto view = rocks_view(*db_);
  return std::make_unique<LockedView>(std::move(lock), std::move(view));
}

Result<uint64_t> RocksStore::heal() {
  {
    const std::unique_lock lock(reopening_);
    space_.give_up_reserve();
    low_ = true;
    db_.reset();
    PENSTOCK_TRY(how_.health->fault());
    how_.keep_log = true;
    auto db = RocksDb::open(how_);
    if (!db) return db.status();
    db_ = *std::move(db);
    how_.health->reset();
  }
  auto recovered = sequence();
  if (!recovered) return recovered.status();
  if (*recovered < watermark_.sequence())
    return Status::corrupt("reopening the store lost acknowledged commits");
  return *recovered;
}

Status RocksStore::tick() {
  PENSTOCK_TRY(how_.health->fault());
  PENSTOCK_TRY(watermark_.sync());
  space_.check();
  low_ = space_.low();
  if (how_.health->out_of_space() || !db_) {
    // Nothing is being written, so nobody else would find out that there is room again.
    auto healed = heal();
    if (!healed && healed.status().fault() != Fault::kFull) return healed.status();
  }
  disk_bytes_ = space_.used_bytes();
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options) {
  PENSTOCK_TRY(make_folder(options.folder));
  auto lock = FolderLock::take(options.folder);
  if (!lock) return lock.status();
  const std::string mark = options.folder + "/watermark";
  auto watermark = Watermark::open(mark);
  if (watermark.status().fault() == Fault::kCorrupt && options.accept_loss) {
    unlink(mark.c_str());
    watermark = Watermark::open(mark);
  }
  if (!watermark) return watermark.status();
  auto store = std::make_unique<RocksStore>(options, *std::move(lock), *std::move(watermark));
  PENSTOCK_TRY(store->open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace penstock::queue
