// Which dedup keys may be on disk: 64 bits of each and the hour in which it expires, 12 bytes a
// slot. Whoever is not in here is new, without a read; whoever is must be looked up, because two
// keys may share 64 bits and because a key may have expired within its hour.
//
// Split into shards, so that growing and forgetting never copy more than a thousandth of it at once.
// One thread. Limitations: what has expired is forgotten a few shards at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace penstock::queue {

class DedupIndex {
 public:
  void add(uint64_t fingerprint, uint32_t hour);
  /// The hours under which it was added, from `first` on, without repeats.
  std::vector<uint32_t> find(uint64_t fingerprint, uint32_t first) const;
  /// Forgets, in the next few shards, what expired before this hour.
  void purge(uint32_t before);

  size_t size() const { return size_; }
  size_t bytes() const { return slots_ * sizeof(Slot); }

 private:
  struct Slot {
    uint32_t low = 0, high = 0;
    uint32_t hour = 0;  ///< 0: empty
  };
  struct Shard {
    std::vector<Slot> slots;
    size_t used = 0;
  };
  static constexpr size_t kShards = 1024, kShardsAtOnce = 4;

  static size_t home(const Slot& slot, size_t slots) {
    return static_cast<size_t>(uint64_t{slot.low} * slots >> 32);
  }
  static void place(Shard& shard, const Slot& slot);
  void rebuild(Shard& shard, uint32_t before, size_t room);

  std::array<Shard, kShards> shards_;
  size_t size_ = 0, slots_ = 0, next_ = 0;
  uint32_t purged_ = 0;  ///< what expired before it is not worth keeping
};

}  // namespace penstock::queue
