// Which deliveries are copies of an earlier one: the dedup keys of the latest events with their
// first event, and of all others what DedupIndex keeps of them. A key counts from the moment its
// first event is accepted, so copies of the same millisecond are told apart.
//
// Lifecycle: starts from the index that recovery filled. One thread. Pure.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "proto/limits.h"
#include "queue/batch.h"
#include "queue/dedup_index.h"
#include "queue/dedup_key.h"

namespace penstock::queue {

class Dedup {
 public:
  /// The first event of a key.
  struct First {
    DedupRecordPtr record;
    Ticket needs;  ///< the batch to be durable before anybody is told of it
  };

  explicit Dedup(std::shared_ptr<DedupIndex> stored);

  /// Null: memory does not know it, or its time is over.
  const First* find(const DedupKey& key, uint64_t wall_ms) const;
  /// Where the disk may know it; empty: it is new.
  std::vector<uint32_t> stored_hours(const DedupKey& key, uint64_t wall_ms) const;
  /// A first event, to be stored in batch `stored_in`; `needs`: see First.
  DedupWrite remember(const DedupKey& key, DedupRecordPtr record, Ticket stored_in, Ticket needs);
  /// What the disk said of it.
  void learn(const DedupKey& key, DedupRecordPtr record);
  /// Batches up to this one are on disk, so their keys may leave memory.
  void durable(Ticket ticket);
  /// About once a second: forgets what is over. Returns the hour before which the disk may forget
  /// too, where that is news.
  std::optional<uint32_t> sweep(uint64_t wall_ms);

  bool full() const { return index_->size() >= limits::dedup_keys_max; }
  size_t keys() const { return index_->size(); }
  size_t bytes() const;

 private:
  struct Recent { First first; uint64_t number; };
  struct Line { DedupKey key; uint64_t number; Ticket stored_in; };

  void keep(const DedupKey& key, First first, Ticket stored_in);
  void trim();

  std::shared_ptr<DedupIndex> index_;
  std::unordered_map<DedupKey, Recent> recent_;
  std::deque<Line> line_;     ///< oldest first; a key that came again is in it twice
  uint64_t numbers_ = 0;
  Ticket durable_ = 0;
  uint32_t swept_ = 0;
  bool used_;                 ///< the disk has, or had, keys
};

}  // namespace penstock::queue
