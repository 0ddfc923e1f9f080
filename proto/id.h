// Run and event ids: UUIDv7 (RFC 9562), 48 bits of wall-clock milliseconds, a 12-bit counter that
// keeps the ids of one generator strictly increasing, 62 random bits that make an id unguessable.
// An event and the run it starts share one id.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "proto/clock.h"

namespace penstock {

struct Id {
  std::array<uint8_t, 16> bytes{};

  auto operator<=>(const Id&) const = default;
  bool is_zero() const { return *this == Id(); }
  /// The 16 raw bytes, big endian: their order is the ids' order.
  std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), 16}; }
  /// The wall-clock milliseconds it was made at.
  uint64_t time_ms() const;
  /// Canonical text, 36 characters, lower case.
  std::string text() const;
  /// Writes the 36 characters to `out`, no terminator.
  void write_text(char* out) const;

  /// Reads the canonical form; nothing else is an id (no braces, no upper case).
  static std::optional<Id> from_text(std::string_view text);
  /// `raw` must hold 16 bytes.
  static Id from_raw(std::string_view raw);
  /// The smallest id of that millisecond: a bound for ranges by time.
  static Id floor_of(uint64_t wall_ms);
};

/// Hands out strictly increasing ids, also when the wall clock jumps back. One thread.
class IdGenerator {
 public:
  /// `after`: the newest id known from an earlier life; the first new one is greater.
  explicit IdGenerator(const Clock& clock, Id after = Id());
  Id next();
  /// The newest id handed out, or `after`.
  Id last() const { return last_; }
  /// Never go below this one again.
  void raise_to(Id floor) { if (last_ < floor) last_ = floor; }

 private:
  void fill_random(uint8_t* out, size_t size);

  const Clock& clock_;
  Id last_;
  std::array<uint8_t, 4096> pool_;  // getrandom() once per 512 ids
  size_t pool_used_ = sizeof(pool_);
};

}  // namespace penstock

template <>
struct std::hash<penstock::Id> {
  size_t operator()(const penstock::Id& id) const noexcept {
    uint64_t low;  // the random half
    std::memcpy(&low, id.bytes.data() + 8, 8);
    return low;
  }
};
