#include "queue/dedup_index.h"

#include <algorithm>
#include <utility>

namespace penstock::queue {

static constexpr size_t kSlotsMin = 16;

void DedupIndex::place(Shard& shard, const Slot& slot) {
  size_t at = home(slot, shard.slots.size());
  while (shard.slots[at].hour) at = at + 1 == shard.slots.size() ? 0 : at + 1;
  shard.slots[at] = slot;
  shard.used++;
}

void DedupIndex::rebuild(Shard& shard, uint32_t before, size_t room) {
  const auto lives = [before](const Slot& slot) { return slot.hour && slot.hour >= before; };
  const size_t living = static_cast<size_t>(
      std::count_if(shard.slots.begin(), shard.slots.end(), lives));
  const std::vector<Slot> old = std::move(shard.slots);
  size_ -= shard.used - living;
  shard.used = 0;
  shard.slots = std::vector<Slot>(std::max(kSlotsMin, (living + room) * 3 / 2));
  for (const Slot& slot : old)
    if (lives(slot)) place(shard, slot);
  slots_ += shard.slots.size() - old.size();
}

void DedupIndex::add(uint64_t fingerprint, uint32_t hour) {
  Shard& shard = shards_[fingerprint >> 54];
  if ((shard.used + 1) * 5 > shard.slots.size() * 4) rebuild(shard, purged_, shard.used / 4 + 1);
  place(shard, {static_cast<uint32_t>(fingerprint), static_cast<uint32_t>(fingerprint >> 32), hour});
  size_++;
}

std::vector<uint32_t> DedupIndex::find(uint64_t fingerprint, uint32_t first) const {
  std::vector<uint32_t> hours;
  const Shard& shard = shards_[fingerprint >> 54];
  if (shard.slots.empty()) return hours;
  const Slot wanted{static_cast<uint32_t>(fingerprint), static_cast<uint32_t>(fingerprint >> 32), 0};
  for (size_t at = home(wanted, shard.slots.size()); shard.slots[at].hour;
       at = at + 1 == shard.slots.size() ? 0 : at + 1) {
    const Slot& slot = shard.slots[at];
    if (slot.low != wanted.low || slot.high != wanted.high || slot.hour < first) continue;
    if (std::find(hours.begin(), hours.end(), slot.hour) == hours.end()) hours.push_back(slot.hour);
  }
  return hours;
}

void DedupIndex::purge(uint32_t before) {
  purged_ = std::max(purged_, before);
  for (size_t i = 0; i < kShardsAtOnce; i++, next_ = (next_ + 1) % kShards) {
    Shard& shard = shards_[next_];
    const auto gone = [before](const Slot& slot) { return slot.hour && slot.hour < before; };
    if (std::any_of(shard.slots.begin(), shard.slots.end(), gone)) rebuild(shard, before, 0);
  }
}

}  // namespace penstock::queue
