// A hash map from ids: open addressing in arrays, since a lookup per event and step must not chase
// pointers. Ids carry 62 random bits, so their low half is the hash. There are 64 arrays, each of
// which grows by itself: one that holds all would stop the loop for as long as copying it takes,
// 16 ms at a quarter of a million entries. One thread.
//
// Limitations: the zero id cannot be a key; values move when it grows or shrinks, so keep pointers
// as values, not pointers to values.
#pragma once

#include <array>
#include <cassert>
#include <functional>
#include <utility>
#include <vector>

#include "proto/id.h"

namespace penstock::queue {

template <class Value>
class IdMap {
 public:
  size_t size() const { return size_; }

  /// Null when it is not there; holds until the map changes.
  const Value* find(Id id) const { return table_of(id).find(id); }

  /// False when the id is there already; its value stays.
  bool insert(Id id, Value value) {
    assert(!id.is_zero());
    const bool added = table_of(id).insert(id, std::move(value));
    size_ += added;
    return added;
  }

  void erase(Id id) { size_ -= table_of(id).erase(id); }

 private:
  class Table {
   public:
    const Value* find(Id id) const {
      const Slot& slot = slots_[place(id)];
      return slot.id == id ? &slot.value : nullptr;
    }

    bool insert(Id id, Value value) {
      if ((used_ + 1) * 2 > slots_.size()) grow();
      Slot& slot = slots_[place(id)];
      if (slot.id == id) return false;
      slot = {id, std::move(value)};
      used_++;
      return true;
    }

    bool erase(Id id) {
      size_t hole = place(id);
      if (slots_[hole].id != id || id.is_zero()) return false;
      used_--;
      // Whoever was pushed past the hole moves back, so that searches may stop at an empty slot.
      for (size_t at = next(hole); !slots_[at].id.is_zero(); at = next(at)) {
        const size_t home = home_of(slots_[at].id);
        if (((at - home) & mask()) < ((at - hole) & mask())) continue;
        slots_[hole] = std::move(slots_[at]);
        hole = at;
      }
      slots_[hole] = {};
      return true;
    }

   private:
    struct Slot { Id id; Value value{}; };

    size_t mask() const { return slots_.size() - 1; }
    size_t next(size_t at) const { return (at + 1) & mask(); }
    // The low bytes of the hash are an id's first random ones, of which the variant takes two bits.
    size_t home_of(Id id) const { return (std::hash<Id>()(id) >> 8) & mask(); }
    /// Its slot, or the empty one where it would go.
    size_t place(Id id) const {
      size_t at = home_of(id);
      while (!slots_[at].id.is_zero() && slots_[at].id != id) at = next(at);
      return at;
    }

    void grow() {
      std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
      for (Slot& slot : old)
        if (!slot.id.is_zero()) slots_[place(slot.id)] = std::move(slot);
    }

    std::vector<Slot> slots_ = std::vector<Slot>(16);
    size_t used_ = 0;
  };

  static constexpr size_t kTables = 64;
  static size_t table_at(Id id) { return std::hash<Id>()(id) >> 58; }
  Table& table_of(Id id) { return tables_[table_at(id)]; }
  const Table& table_of(Id id) const { return tables_[table_at(id)]; }

  std::array<Table, kTables> tables_;
  size_t size_ = 0;
};

}  // namespace penstock::queue
