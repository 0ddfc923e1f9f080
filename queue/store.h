// The seam between the queue and whatever keeps its bytes: families of ordered keys, one atomic
// durable write at a time, and consistent views for reading.
//
// Lifecycle: an engine is opened by its own factory (memory_store.h, rocks_store.h); views and
// cursors must go before it does. Threads: write(), heal() and tick() from the commit thread,
// view() and writable() from any; a view and its cursors stay on the thread that made them.
// Limitations: values are whole in memory; an engine knows nothing of what the bytes mean, but for
// the sequence in a WriteSet, by which it tells after a crash whether a commit is missing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace penstock::queue {

/// The families of keys; proto/FORMATS.md says what is in each.
enum class Family : uint8_t {
  kMeta, kEvents, kLive, kResults, kJournal, kDefinitions, kStreams, kDedup, kInbox, kAudit,
};
inline constexpr size_t family_count = 10;

struct WriteOp {
  enum class Kind : uint8_t { kPut, kErase, kEraseRange };
  Kind kind;
  Family family;
  std::string key;
  std::string value;  ///< kPut: the bytes; kEraseRange: the end, not included
};

/// One commit, applied in order, all or nothing.
struct WriteSet {
  uint64_t sequence = 0;  ///< dense, from 1
  std::vector<WriteOp> ops;

  void put(Family family, std::string key, std::string value);
  void erase(Family family, std::string key);
  void erase_range(Family family, std::string from, std::string to);
};

/// Whether write() returns before or after the bytes are safe from a power cut.
enum class Sync : bool { kNo, kYes };

/// Walks the keys of a family in order. Keys and values hold until the cursor moves.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// To the first key at or after `key`.
  virtual void seek(std::string_view key) = 0;
  /// To the last key at or before `key`.
  virtual void seek_back(std::string_view key) = 0;
  virtual void last() = 0;
  virtual void next() = 0;
  virtual void prev() = 0;
  virtual bool valid() const = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  /// Why the walk ended, when damage or the disk ended it.
  virtual Status status() const = 0;
};

/// The store at one position, untouched by later writes.
class View {
 public:
  virtual ~View() = default;
  virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;
  virtual std::unique_ptr<Cursor> cursor(Family family) const = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  /// Faults: kFull (no space: heal() and try again), all others are final: kIo, kCorrupt.
  virtual Status write(const WriteSet& set, Sync sync) = 0;
  virtual std::unique_ptr<View> view() const = 0;
  /// After kFull: makes the engine fit to write again. The sequence that is on disk, for the
  /// caller to tell whether its failed commit was kept after all.
  virtual Result<uint64_t> heal() = 0;
  /// Upkeep, about once a second. A fault is final.
  virtual Status tick() = 0;
  /// False: take no new events (disk nearly full, healing, stalled).
  virtual bool writable() const = 0;
  virtual uint64_t disk_bytes() const = 0;
};

}  // namespace penstock::queue
