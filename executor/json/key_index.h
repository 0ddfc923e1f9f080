// Finds keys among many: an open-addressing table from a key's hash to its position.
// The owner keeps the keys and compares them; this keeps positions only.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace penstock::json {

class KeyIndex {
 public:
  static constexpr size_t worth_it = 16;  ///< below, a scan is quicker
  static constexpr uint32_t none = UINT32_MAX;

  explicit KeyIndex(size_t keys);

  /// The position whose key equals `key`, asked by `key_at(position)`; `none` when there is none.
  template <class KeyAt>
  uint32_t find(std::string_view key, const KeyAt& key_at) const {
    const uint32_t hashed = hash(key);
    for (size_t slot = hashed & mask_;; slot = (slot + 1) & mask_) {
      const Slot& one = slots_[slot];
      if (one.position == none) return none;
      if (one.hash == hashed && key_at(one.position) == key) return one.position;
    }
  }
  /// Adds or moves a key that is known not to be there, or to be at another position.
  template <class KeyAt>
  void put(std::string_view key, uint32_t position, const KeyAt& key_at) {
    const uint32_t hashed = hash(key);
    size_t slot = hashed & mask_;
    while (slots_[slot].position != none &&
           (slots_[slot].hash != hashed || key_at(slots_[slot].position) != key)) {
      slot = (slot + 1) & mask_;
    }
    if (slots_[slot].position == none) used_++;
    slots_[slot] = {position, hashed};
  }
  /// More than half full: build a new one.
  bool crowded() const { return used_ * 2 > slots_.size(); }
  size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    uint32_t position = none;
    uint32_t hash = 0;  ///< spares most comparisons of keys
  };

  static uint32_t hash(std::string_view key) {
    return static_cast<uint32_t>(std::hash<std::string_view>()(key));
  }

  std::vector<Slot> slots_;
  size_t mask_;
  size_t used_ = 0;
};

}  // namespace penstock::json
