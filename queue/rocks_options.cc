#include "queue/rocks_options.h"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/table.h>
#include <unistd.h>

#include "proto/limits.h"
#include "queue/file.h"

namespace penstock::queue {

/// tmpfs and some others refuse O_DIRECT.
static bool takes_direct_io(const std::string& folder) {
  const std::string path = folder + "/direct-io-probe";
  const auto file = open_file(path, O_RDWR | O_CREAT | O_DIRECT);
  unlink(path.c_str());
  return file.ok();
}

rocksdb::DBOptions rocks_options(const std::string& folder, rocksdb::Env* env) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_missing_column_families = true;
  // Durability. A torn tail is cut off at open; the watermark tells whether anything acknowledged
  // was in it. All families are flushed together, so none can be ahead of a damaged log.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.atomic_flush = true;
  options.paranoid_checks = true;
  options.manual_wal_flush = false;
  options.recycle_log_file_num = 0;   // a reopen after kill -9 hung with it
  options.wal_compression = rocksdb::kNoCompression;
  options.unordered_write = false;
  options.allow_mmap_writes = false;
  options.track_and_verify_wals_in_manifest = false;
  options.max_bgerror_resume_count = 0;  // a failed store is reopened, never resumed
  // One writer, so nothing to pipeline or to spin for.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // Pauses: flushes go past the page cache at a bounded rate, old files go in the background.
  options.use_direct_io_for_flush_and_compaction = takes_direct_io(folder);
  options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(
      int64_t{limits::background_bytes_per_s}, 10'000, 10, rocksdb::RateLimiter::Mode::kWritesOnly));
  options.bytes_per_sync = 1 << 20;
  options.avoid_unnecessary_blocking_io = true;
  options.max_background_jobs = 2;    // one flush, one compaction
  options.max_subcompactions = 1;
  options.max_total_wal_size = 4 * limits::memtable_bytes;  // bounds the time to recover
  options.max_open_files = 512;
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.max_log_file_size = 4 << 20;
  options.keep_log_file_num = 2;
  return options;
}

static rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                                   size_t memtable_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = memtable_bytes;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kNoCompression;  // bodies come packed, and the CPU is the senders'
  options.level_compaction_dynamic_level_bytes = true;
  options.level0_slowdown_writes_trigger = 40;    // keys ascend: files move down without a rewrite
  options.level0_stop_writes_trigger = 80;
  options.ttl = 0;
  options.periodic_compaction_seconds = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> rocks_families() {
  const auto cache = rocksdb::NewLRUCache(limits::block_cache_bytes);
  const size_t large = limits::memtable_bytes, small = limits::memtable_bytes / 4;
  return {{rocksdb::kDefaultColumnFamilyName, family_options(cache, small)},
          {"events", family_options(cache, large)},
          {"live", family_options(cache, small)},
          {"results", family_options(cache, large)},
          {"journal", family_options(cache, large)},
          {"definitions", family_options(cache, small)},
          {"streams", family_options(cache, large)},
          {"dedup", family_options(cache, small)},
          {"inbox", family_options(cache, small)},
          {"audit", family_options(cache, small)}};
}

Status rocks_status(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return {};
  std::string message = what + ": " + status.ToString();
  if (status.IsNoSpace()) return Status::full(std::move(message));
  if (status.IsCorruption()) return Status::corrupt(std::move(message));
  return Status::io(std::move(message));
}

}  // namespace penstock::queue
